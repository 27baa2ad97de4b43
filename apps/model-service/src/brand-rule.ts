import { readFile } from "node:fs/promises";
import { type Brand, findBrand, findOpenness } from "@hookline/lib-ml";
import type { Config } from "./config.ts";
import type { BrandRule } from "./predictor.ts";

const OPEN = { pages: { kind: "pages" }, posts: { kind: "posts" } } as const;

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
  return (url) => {
    const found = findBrand(url, brands);
    if (found !== undefined) {
      return found;
    }
    const openness = findOpenness(url, brands);
    return openness && OPEN[openness];
  };
}

async function readBrands(file: string) {
  try {
    return parseBrands(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const message = `Cannot read the list of brands in "${file}": name one with BRANDS_FILE, or set BRAND_RULES=off`;
    throw new Error(message, { cause: error });
  }
}

/**
 * What the rule reads of the list; where each entry comes from is in it as well. Checked by hand: the schema
 * of a list read once was a sixth of the start.
 */
function parseBrands(value: unknown): readonly Brand[] {
  const { brands } = readFields(value, "The list");
  if (!Array.isArray(brands) || brands.length === 0) {
    throw new TypeError("brands must be a list of at least one");
  }
  return brands.map((entry: unknown, at) => parseBrand(entry, `brands[${at}]`));
}

function parseBrand(value: unknown, place: string): Brand {
  const { name, domains, ...rest } = readFields(value, place);
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`${place}.name must be a text`);
  }
  const names = readNames(domains, `${place}.domains`);
  if (names.length === 0) {
    throw new TypeError(`${place}.domains must name at least one`);
  }
  const optional = (field: string) => readNames(rest[field] ?? [], `${place}.${field}`);
  const flag = (field: string) => readFlag(rest[field] ?? false, `${place}.${field}`);
  return {
    name,
    domains: names,
    commonWord: flag("commonWord"),
    domainsOnly: flag("domainsOnly"),
    signInOnly: flag("signInOnly"),
    registries: optional("registries"),
    alsoKnownAs: optional("alsoKnownAs"),
    userContent: optional("userContent"),
    userPosts: optional("userPosts"),
    notLookalikes: optional("notLookalikes"),
  };
}

function readFields(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`${place} must be an object`);
  }
  return { ...value };
}

function readFlag(value: unknown, place: string): boolean {
  if (typeof value !== "boolean") {
    throw new TypeError(`${place} must be true or false`);
  }
  return value;
}

function readNames(value: unknown, place: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((name) => typeof name === "string" && name !== "")) {
    throw new TypeError(`${place} must be a list of texts`);
  }
  return value;
}
