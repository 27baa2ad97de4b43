import { buildRateLimitHeaders, type LimitCall, type LimiterAnswer } from "@hookline/mesh";
import * as z from "zod";

const Unit = z.enum(["SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"]);
const Status = z.object({
  code: z.enum(["OK", "OVER_LIMIT"]),
  currentLimit: z
    .object({
      requestsPerUnit: z.number().default(0),
      unit: Unit.transform((unit) => LOWER[unit]),
      name: z.string().default(""),
    })
    .optional(),
  limitRemaining: z.number().default(0),
  durationUntilReset: z.string().default("0s"),
});
const Answer = z.object({ overallCode: z.enum(["OK", "OVER_LIMIT"]), statuses: z.array(Status) });

const LOWER = {
  SECOND: "second",
  MINUTE: "minute",
  HOUR: "hour",
  DAY: "day",
  WEEK: "week",
  MONTH: "month",
  YEAR: "year",
} as const;

/**
 * Asks a real limiter by its JSON endpoint, which takes and gives what its gRPC one does. Throws
 * when it does not answer within the call's time limit.
 */
export async function askLimiter(
  url: string,
  { domain, descriptors, timeoutMs }: Pick<LimitCall, "descriptors" | "domain" | "timeoutMs">,
): Promise<LimiterAnswer> {
  const answer = await fetch(`${url}/json`, {
    method: "POST",
    signal: AbortSignal.timeout(timeoutMs),
    body: JSON.stringify({
      domain,
      descriptors: descriptors.map((entries) => ({
        entries: entries.map(([key, value]) => ({ key, value })),
      })),
    }),
  });
  const { overallCode, statuses } = Answer.parse(await answer.json());
  const read = statuses.map(({ code, currentLimit, limitRemaining, durationUntilReset }) => ({
    code,
    ...(currentLimit && { limit: currentLimit }),
    remaining: limitRemaining,
    resetSeconds: Math.trunc(Number.parseFloat(durationUntilReset)),
  }));
  return { overall: overallCode, statuses: read, headers: buildRateLimitHeaders(read) };
}
