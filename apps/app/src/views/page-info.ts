import type { Version } from "@hookline/lib-version";
import type { AssetPaths } from "../assets.ts";
import type { Variant } from "../config.ts";

/** What every page shows or links to, whatever it is about. */
export interface PageInfo {
  readonly variant: Variant;
  readonly version: Version;
  readonly assets: AssetPaths;
}
