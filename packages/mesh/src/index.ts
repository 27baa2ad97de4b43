export { MeshError, type MeshErrorCode, type MeshErrorOptions } from "./errors.ts";
export type * from "./types.ts";
