import { z } from "zod";

// The limiter's own configuration language, as far as ours uses it.
// https://github.com/envoyproxy/ratelimit#the-configuration-format

export interface Descriptor {
  readonly key: string;
  readonly value?: string | undefined;
  readonly rate_limit?: { readonly unit: string; readonly requests_per_unit: number } | undefined;
  readonly descriptors: readonly Descriptor[];
}

const Descriptor: z.ZodType<Descriptor> = z.lazy(() =>
  z.strictObject({
    key: z.string(),
    value: z.string().optional(),
    rate_limit: z
      .strictObject({
        unit: z.enum(["second", "minute", "hour", "day"]),
        requests_per_unit: z.number().int().positive(),
      })
      .optional(),
    descriptors: z.array(Descriptor).default([]),
  }),
);

export const LimiterConfig = z.strictObject({
  domain: z.string(),
  descriptors: z.array(Descriptor),
});
export type LimiterConfig = z.infer<typeof LimiterConfig>;

/** One entry of what Envoy sends; the value is undefined where it differs from caller to caller. */
export interface Entry {
  readonly key: string;
  readonly value?: string | undefined;
}

/**
 * The rule that a descriptor hits, by the limiter's own walk (`GetLimit` in config_impl.go): at
 * each entry the rule of key and value, else the rule of the key alone; the limit counts only if
 * it is at the last entry.
 */
export function findRule(
  rules: readonly Descriptor[],
  [first, ...rest]: readonly Entry[],
): Descriptor | undefined {
  if (first === undefined) return undefined;
  const named = rules.filter((rule) => rule.key === first.key);
  const rule =
    named.find(({ value }) => value !== undefined && value === first.value) ??
    named.find(({ value }) => value === undefined);
  if (rule === undefined) return undefined;
  if (rest.length === 0) return rule.rate_limit === undefined ? undefined : rule;
  return findRule(rule.descriptors, rest);
}

/** Every rule that has a limit, with the way of keys and values to it. */
export function listRules(
  rules: readonly Descriptor[],
  above: string = "",
): { readonly path: string; readonly rule: Descriptor }[] {
  return rules.flatMap((rule) => {
    const path = `${above}/${rule.key}${rule.value === undefined ? "" : `=${rule.value}`}`;
    const own = rule.rate_limit === undefined ? [] : [{ path, rule }];
    return [...own, ...listRules(rule.descriptors, path)];
  });
}
