export type { PathNormalization } from "./compile/normalize-path.ts";
export { type CreateMeshOptions, createMesh } from "./create-mesh.ts";
export { MeshError, type MeshErrorCode, type MeshErrorOptions } from "./errors.ts";
export { readIstiodValues } from "./istiod-values.ts";
export {
  buildRateLimitHeaders,
  buildRules,
  type CompileLimitsOptions,
  type CreateLimiterOptions,
  compileLimits,
  createLimiter,
  type DescriptorCall,
  findPossibleRules,
  findRule,
  type LimitedRoute,
  type Limiter,
  type LimiterAnswer,
  type LimiterConfig,
  LimiterStats,
  type LimitRequest,
  type LimitStatus,
  type Limits,
  type LocalReply,
  type LocalReplyInput,
  listPossibleDescriptors,
  listRules,
  listUnreachedRules,
  type PossibleEntry,
  parseLimiterConfig,
  parseLimiterSettings,
  readEnvoyFilters,
} from "./limits/index.ts";
export { LINT_CODES, type LintCode, type LintLevel, type LintMessage, lint } from "./lint/index.ts";
export {
  compileSecurity,
  type MutualTls,
  type Refusal,
  type Security,
  type SecurityRequest,
} from "./security/index.ts";
export type * from "./types.ts";
