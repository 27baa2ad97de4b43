export { type CreateMeshOptions, createMesh } from "./create-mesh.ts";
export { MeshError, type MeshErrorCode, type MeshErrorOptions } from "./errors.ts";
export {
  createLimiter,
  type Limiter,
  type LimiterAnswer,
  parseLimiterConfig,
  parseLimiterSettings,
} from "./limits/index.ts";
export type * from "./types.ts";
