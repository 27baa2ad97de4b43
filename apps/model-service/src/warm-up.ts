import { canonicalise, featurise } from "@hookline/lib-ml";
import type { Bag } from "./model/model.ts";

/** URLs of each shape, scored once before the first caller's: the first run of a session is slow. */
const URLS = [
  "https://example.org/",
  "http://198.51.100.7/login.php?account=1",
  "https://xn--bcher-kva.example/caf%C3%A9/index.html",
];

export function buildWarmUp(): readonly Bag[] {
  return URLS.map(canonicalise)
    .filter((url) => url !== undefined)
    .map(featurise);
}
