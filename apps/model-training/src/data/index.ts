export { runDataCommand } from "./command.ts";
export type { DownloadLimits, RunDataContext } from "./run-data.ts";
export { runData } from "./run-data.ts";
export { parseSources, readSources, type Source } from "./source.ts";
