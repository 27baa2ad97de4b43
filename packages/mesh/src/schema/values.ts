import { z } from "zod";

/** A duration as Istio writes it, "1.5s" or "1h30m", in milliseconds. */
export const Duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'Expected a duration like "1.5s"')
  .transform(parseDuration);

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number {
  let total = 0;
  for (const [, value = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(value) * (UNITS[unit] ?? 0);
  }
  return total;
}

export const Percent = z.strictObject({ value: z.number().min(0).max(100).default(0) });
export const Port = z.int().min(1).max(65_535);

/** At most one of three; none means that the header is there. Istio's proto is a oneof. */
export const StringMatch = z
  .strictObject({
    exact: z.string().optional(),
    prefix: z.string().min(1).optional(),
    regex: z.string().min(1).optional(),
  })
  .refine((match) => Object.keys(match).length <= 1, "Expected one of exact, prefix and regex");
export type StringMatch = z.infer<typeof StringMatch>;

export const StringMatches = z.record(z.string().min(1), StringMatch);
