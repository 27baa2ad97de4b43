import { type Brand, findBrand } from "../brands.ts";
import { canonicalise } from "../canonicalise.ts";

/** "brand how part", "verified domain" or "nothing". */
export function tellFinding(url: string, brands: readonly Brand[]): string {
  const canonical = canonicalise(url);
  const finding = canonical && findBrand(canonical, brands);
  if (finding === undefined) return "nothing";
  return finding.kind === "verified"
    ? `verified ${finding.domain}`
    : `${finding.brand} ${finding.how} ${finding.part}`;
}
