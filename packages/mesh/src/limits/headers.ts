import type { LimitStatus } from "./limiter-answer.ts";
import { UNIT_SECONDS } from "./units.ts";

/**
 * The x-ratelimit headers of Envoy's filter for DRAFT_VERSION_03: the limit with the fewest
 * requests left (the first of equal ones), and behind it the policy of every limit as
 * `<requests>;w=<seconds>`, with `;name="…"` when the rule has a name. None without a limit
 * (`XRateLimitHeaderUtils::populateHeaders` in Envoy's
 * source/extensions/filters/http/ratelimit/ratelimit_headers.cc).
 */
export function buildRateLimitHeaders(
  statuses: readonly LimitStatus[],
): readonly (readonly [name: string, value: string])[] {
  let closest: LimitStatus | undefined;
  let policy = "";
  for (const status of statuses) {
    if (status.limit === undefined) continue;
    if (closest === undefined || status.remaining < closest.remaining) closest = status;
    const { requestsPerUnit, unit, name } = status.limit;
    policy += `, ${requestsPerUnit};w=${UNIT_SECONDS[unit]}${name === "" ? "" : `;name="${name}"`}`;
  }
  if (closest?.limit === undefined) return [];
  return [
    ["x-ratelimit-limit", `${closest.limit.requestsPerUnit}${policy}`],
    ["x-ratelimit-remaining", `${closest.remaining}`],
    ["x-ratelimit-reset", `${closest.resetSeconds}`],
  ];
}
