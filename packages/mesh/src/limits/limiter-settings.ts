import { z } from "zod";
import { MeshError } from "../errors.ts";
import type { CreateLimiterOptions } from "./limiter.ts";

// Go's strconv.ParseBool, with which the limiter reads its environment.
const Flag = z
  .enum(["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"])
  .transform((text) => /^[1tT]/.test(text));

const Settings = z.object({
  NEAR_LIMIT_RATIO: z.coerce.number().min(0).max(1).optional(),
  STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT: Flag.optional(),
  SHADOW_MODE: Flag.optional(),
  QUOTA_MODE: Flag.optional(),
  MERGE_DOMAIN_CONFIG: Flag.optional(),
  LOCAL_CACHE_SIZE_IN_BYTES: z.literal("0").optional(),
});

/**
 * What of the limiter's environment changes its answers (src/settings/settings.go of
 * envoyproxy/ratelimit). Refuses a value that is no truth value or ratio, and a local cache: with
 * one, counts stop where it says so.
 */
export function parseLimiterSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Omit<CreateLimiterOptions, "now"> {
  const { success, data, error } = Settings.safeParse(environment);
  if (!success) {
    const [issue] = error.issues;
    const field = String(issue?.path[0]);
    const code = field === "LOCAL_CACHE_SIZE_IN_BYTES" ? "UNSUPPORTED" : "INVALID";
    throw new MeshError(`Cannot read the limiter's setting: ${issue?.message}`, {
      code,
      field,
      cause: error,
    });
  }
  const all = {
    nearLimitRatio: data.NEAR_LIMIT_RATIO,
    stopIncrementWhenOverLimit: data.STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT,
    shadowMode: data.SHADOW_MODE,
    quotaMode: data.QUOTA_MODE,
    mergeDomains: data.MERGE_DOMAIN_CONFIG,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
