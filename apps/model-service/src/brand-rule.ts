import { readFile } from "node:fs/promises";
import { findBrand } from "@hookline/lib-ml";
import * as z from "zod";
import type { Config } from "./config.ts";
import type { BrandRule } from "./predictor.ts";

const Names = z.array(z.string().min(1));

/** What the rule reads of the list; where each entry comes from is in it as well. */
const BrandList = z.looseObject({
  brands: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        domains: Names.min(1),
        alsoKnownAs: Names.default([]),
        userContent: Names.default([]),
        commonWord: z.boolean().default(false),
        notLookalikes: Names.default([]),
      }),
    )
    .min(1),
});

/**
 * The rule for brands that the configuration asks for; one that finds nothing when it is off.
 *
 * Throws when the list cannot be read: a service that quietly runs without the rule it was
 * configured with would answer differently from what its operator believes.
 */
export async function createBrandRule(
  config: Pick<Config, "BRAND_RULES" | "BRANDS_FILE">,
): Promise<BrandRule> {
  if (config.BRAND_RULES === "off") {
    return () => undefined;
  }
  const brands = await readBrands(config.BRANDS_FILE);
  return (url) => findBrand(url, brands);
}

async function readBrands(file: string) {
  try {
    return parseBrands(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const message = `Cannot read the list of brands in "${file}": name one with BRANDS_FILE, or set BRAND_RULES=off`;
    throw new Error(message, { cause: error });
  }
}

function parseBrands(value: unknown) {
  const result = BrandList.safeParse(value);
  if (!result.success) {
    throw new TypeError(z.prettifyError(result.error).replaceAll(/\s+/g, " "));
  }
  return result.data.brands;
}
