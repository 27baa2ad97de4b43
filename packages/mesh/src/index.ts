export { type CreateMeshOptions, createMesh } from "./create-mesh.ts";
export { MeshError, type MeshErrorCode, type MeshErrorOptions } from "./errors.ts";
export type * from "./types.ts";
