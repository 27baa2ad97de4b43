import { z } from "zod";
import { compileRegex } from "../regex/re2.ts";
import { RegexError } from "../regex/reader.ts";

/** A duration as Istio writes it, "1.5s" or "1h30m", in milliseconds. */
export const Duration = z
  .string()
  .regex(/^(?:(?:\d+\.?\d*|\.\d+)(?:ms|s|m|h))+$/, 'Expected a duration like "1.5s"')
  .transform(parseDuration);

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number {
  let total = 0;
  for (const [, value = "", unit = ""] of text.matchAll(/(\d+\.?\d*|\.\d+)(ms|s|m|h)/g)) {
    total += Number(value) * (UNITS[unit] ?? 0);
  }
  return total;
}

export const Percent = z.strictObject({ value: z.number().min(0).max(100).default(0) });
export const Port = z.int().min(1).max(65_535);

/** A regular expression that RE2 takes, as Envoy's safe_regex asks. */
export const Regex = z
  .string()
  .min(1)
  .superRefine((pattern, context) => {
    try {
      compileRegex(pattern);
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      context.addIssue({ code: "custom", message: `${error.message} in ${pattern}` });
    }
  });

function buildStringMatch(regex: z.ZodType<string>, prefix = z.string().min(1)) {
  return z
    .strictObject({
      exact: z.string().optional(),
      prefix: prefix.optional(),
      regex: regex.optional(),
    })
    .refine((match) => Object.keys(match).length <= 1, "Expected one of exact, prefix and regex");
}

/** At most one of three: Istio's proto is a oneof. */
export const StringMatch = buildStringMatch(Regex);
export type StringMatch = z.infer<typeof StringMatch>;

/** Of a path, which may begin with nothing. */
export const PathMatch = buildStringMatch(Regex, z.string());

/** By name; none of the three, or the regex "*", asks that the name is there (istio#20629). */
export const StringMatches = z.record(
  z.string().min(1),
  buildStringMatch(z.literal("*").or(Regex)),
);
