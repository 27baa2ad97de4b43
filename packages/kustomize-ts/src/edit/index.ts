export { createDiskFolder } from "./disk-folder.ts";
export type { EditFolder } from "./edit.ts";
export { type EditResult, runEdit } from "./run.ts";
