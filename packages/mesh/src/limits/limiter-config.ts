import { MeshError } from "../errors.ts";
import { decodeDescriptors, type RawDescriptor, type RawRateLimit } from "./limiter-fields.ts";
import { findUnit, type LimitUnit } from "./units.ts";

/** A configuration of the limiter: one domain and its rules. */
export interface LimiterConfig {
  readonly domain: string;
  readonly descriptors: readonly LimiterDescriptor[];
}

/** A level of the limiter's rules. */
export interface LimiterDescriptor {
  readonly key: string;
  /** "" is any value; a "*" stands for any characters. */
  readonly value: string;
  readonly rateLimit: LimiterRateLimit | undefined;
  readonly descriptors: readonly LimiterDescriptor[];
  /** Counted, never refused. */
  readonly shadowMode: boolean;
  /** Refused only when every other quota of the call is used up as well. */
  readonly quotaMode: boolean;
  /** The counters carry the values of the call. */
  readonly detailedMetric: boolean;
  /** The counters carry this entry's value. */
  readonly valueToMetric: boolean;
  /** All values that the wildcard takes share one count. */
  readonly shareThreshold: boolean;
}

export type LimiterRateLimit =
  | {
      readonly unlimited: true;
      readonly name: string;
      readonly replaces: readonly string[];
    }
  | {
      readonly unlimited: false;
      /** 0 to 2³² − 1; the next request in the window is over. */
      readonly requestsPerUnit: number;
      readonly unit: LimitUnit;
      readonly name: string;
      /** Names of rules that do not count in a call in which this one does. */
      readonly replaces: readonly string[];
    };

/**
 * A configuration of envoyproxy/ratelimit from parsed YAML. Refuses what the real limiter refuses,
 * with its words: an unknown key anywhere, a wrong type, an empty domain or key, a unit that it
 * does not know, a unit beside `unlimited`, two rules of one key and value, `share_threshold`
 * without a wildcard, `replaces` of itself or of nothing
 * (`validateYamlKeys` and `loadDescriptors` in src/config/config_impl.go at 1e50889b). As there,
 * a known key in a wrong place is ignored.
 */
export function parseLimiterConfig(parsed: unknown): LimiterConfig {
  const { domain, descriptors } = decodeDescriptors(parsed);
  if (domain === "") refuse("config file cannot have empty domain", "domain");
  return { domain, descriptors: buildDescriptors(descriptors, `${domain}.`, "descriptors") };
}

function refuse(message: string, field: string): never {
  throw new MeshError(message, { code: "INVALID", field });
}

function buildDescriptors(
  raw: readonly RawDescriptor[],
  parent: string,
  field: string,
): readonly LimiterDescriptor[] {
  const known = new Set<string>();
  return raw.map((one, index) => {
    const here = `${field}[${index}]`;
    if (one.key === "") refuse("descriptor has empty key", `${here}.key`);
    const composite = compositeKey(one);
    if (known.has(composite))
      refuse(`duplicate descriptor composite key '${parent}${composite}'`, here);
    known.add(composite);
    const rateLimit =
      one.rateLimit === undefined ? undefined : buildRateLimit(one.rateLimit, `${here}.rate_limit`);
    if (one.shareThreshold && !composite.includes("*")) {
      refuse(
        `share_threshold can only be used with wildcard values (containing '*'), but found key '${composite}'`,
        `${here}.share_threshold`,
      );
    }
    const below = `${parent}${composite}.`;
    const { shadowMode, quotaMode, detailedMetric, valueToMetric, shareThreshold } = one;
    return {
      key: one.key,
      value: one.value,
      rateLimit,
      descriptors: buildDescriptors(one.descriptors, below, `${here}.descriptors`),
      shadowMode,
      quotaMode,
      detailedMetric,
      valueToMetric,
      shareThreshold,
    };
  });
}

/** The name under which a level is looked up: the limiter joins key and value, so "a" + "b_c" is "a_b" + "c". */
export function compositeKey({ key, value }: { readonly key: string; readonly value: string }) {
  return value === "" ? key : `${key}_${value}`;
}

function buildRateLimit(raw: RawRateLimit, field: string): LimiterRateLimit {
  const unit = findUnit(raw.unit);
  if (raw.unlimited && unit !== undefined) {
    refuse("should not specify rate limit unit when unlimited", `${field}.unit`);
  }
  for (const [index, name] of raw.replaces.entries()) {
    const here = `${field}.replaces[${index}]`;
    if (name === "") refuse("should not have an empty replaces entry", here);
    if (name === raw.name) refuse("replaces should not contain name of same descriptor", here);
  }
  const { name, replaces } = raw;
  if (raw.unlimited) return { unlimited: true, name, replaces };
  if (unit === undefined) {
    return refuse(
      `invalid rate limit unit '${raw.unit}', wished: second, minute, hour, day, week, month or year`,
      `${field}.unit`,
    );
  }
  return { unlimited: false, requestsPerUnit: raw.requestsPerUnit, unit, name, replaces };
}
