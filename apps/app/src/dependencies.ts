import type { Assets } from "./assets.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelClient } from "./model-client.ts";
import type { PageInfo } from "./views/page-info.ts";

/** What the routes are given; each takes what it needs. */
export interface AppDependencies {
  readonly info: PageInfo;
  readonly assets: Assets;
  readonly metrics: Metrics;
  readonly modelClient: ModelClient;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}
