export {
  type CompileLimitsOptions,
  compileLimits,
  type LimitedRoute,
  type LimitRequest,
  type Limits,
} from "./compile-limits.ts";
export { readEnvoyFilters } from "./envoy-filters.ts";
export { buildRateLimitHeaders } from "./headers.ts";
export { type CreateLimiterOptions, createLimiter, type Limiter } from "./limiter.ts";
export type { DescriptorCall, LimiterAnswer, LimitStatus } from "./limiter-answer.ts";
export {
  type LimiterConfig,
  parseLimiterConfig,
} from "./limiter-config.ts";
export { parseLimiterSettings } from "./limiter-settings.ts";
export { LimiterStats, type Sample } from "./limiter-stats.ts";
export type { LocalReply, LocalReplyInput } from "./local-reply.ts";
export {
  findPossibleRules,
  listPossibleDescriptors,
  listUnreachedRules,
  type PossibleEntry,
} from "./possible-rules.ts";
export {
  buildRules,
  findRule,
  listRules,
} from "./rules.ts";
export { UNIT_SECONDS } from "./units.ts";
