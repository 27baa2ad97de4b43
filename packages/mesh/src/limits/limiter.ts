import type { Descriptor } from "../types.ts";
import { CounterStore } from "./counter-store.ts";
import { buildRateLimitHeaders } from "./headers.ts";
import type { DescriptorCall, LimiterAnswer, LimitStatus } from "./limiter-answer.ts";
import type { LimiterConfig } from "./limiter-config.ts";
import { countHits, LimiterStats } from "./limiter-stats.ts";
import { buildRules, findRule, type RuleNode } from "./rules.ts";
import { type LimitUnit, UNIT_SECONDS } from "./units.ts";

/** The limiter (envoyproxy/ratelimit) in memory, with its counters. */
export interface Limiter {
  /**
   * Counts a call and says whether it is within every limit. Throws TypeError without a domain or
   * without a descriptor, as the real one answers such a call with an error.
   */
  check(
    domain: string,
    descriptors: readonly (Descriptor | DescriptorCall)[],
    hits?: number,
  ): LimiterAnswer;
  /** What was counted since the start, under the names of the real one's Prometheus metrics. */
  readonly stats: LimiterStats;
  /** How many counters are held now. */
  readonly size: number;
}

/** The settings of the limiter, named as its environment names them; its defaults unless given. */
export interface CreateLimiterOptions {
  /** Milliseconds since 1970; windows begin at multiples of their length. */
  readonly now: () => number;
  /** From which share of a limit on it is near; 0.8 (`NEAR_LIMIT_RATIO`). */
  readonly nearLimitRatio?: number;
  /** A refused call counts only where it was refused (`STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT`). */
  readonly stopIncrementWhenOverLimit?: boolean;
  /** Nothing is ever refused (`SHADOW_MODE`). */
  readonly shadowMode?: boolean;
  /** Every rule is a quota (`QUOTA_MODE`). */
  readonly quotaMode?: boolean;
  /** Configurations of one domain add up (`MERGE_DOMAIN_CONFIG`). */
  readonly mergeDomains?: boolean;
  /** How many counters are held at most; past it those of the window that ends first go. */
  readonly maxCounters?: number;
}

const MAX_UINT32 = 2 ** 32 - 1;

/** A limit that a descriptor of a call counts against. */
interface Counted {
  readonly key: string;
  readonly statsKey: string;
  readonly requestsPerUnit: number;
  readonly unit: LimitUnit;
  readonly name: string;
  readonly shadowMode: boolean;
  readonly quotaMode: boolean;
  readonly rule: string | undefined;
}

type Found = Counted | "unlimited" | undefined;

/**
 * The limiter in memory: fixed windows aligned to unix time, over the limit when the count after
 * the call is greater than it. Gives the answers of envoyproxy/ratelimit on Redis without a local
 * cache (src/service/ratelimit.go, src/redis/fixed_cache_impl.go, src/limiter/base_limiter.go at
 * 1e50889b). Refuses two configurations of one domain.
 */
export function createLimiter(
  configs: readonly LimiterConfig[],
  options: CreateLimiterOptions,
): Limiter {
  const rules = buildRules(configs, options.mergeDomains);
  const store = new CounterStore(options.maxCounters ?? 1_000_000);
  const stats = new LimiterStats();
  const settings = {
    ...options,
    ratio: Math.fround(options.nearLimitRatio ?? 0.8),
    stop: options.stopIncrementWhenOverLimit === true,
  };
  return {
    check(domain, descriptors, hits = 0) {
      if (domain === "") throw new TypeError("rate limit domain must not be empty");
      if (descriptors.length === 0) {
        throw new TypeError("rate limit descriptor list must not be empty");
      }
      const calls = descriptors.map((one) => ("length" in one ? { entries: one } : one));
      const added = calls.map((one) => one.hits ?? Math.max(1, hits));
      const seconds = Math.floor(settings.now() / 1000);
      const root = rules.get(domain);
      if (root === undefined) stats.addUnknownDomain();
      const found = root === undefined ? [] : findLimits(root, domain, calls);
      const counted = countCall({ found, added, seconds, store, ...settings });
      return answer({ calls, found, counted, added, seconds, stats, ...settings });
    },
    stats,
    get size() {
      return store.size;
    },
  };
}

/** The limit of each descriptor, less those that another rule of the call replaces. */
function findLimits(root: RuleNode, domain: string, calls: readonly DescriptorCall[]): Found[] {
  const replaced = new Set<string>();
  const found = calls.map(({ entries, limit }): Found => {
    if (limit !== undefined) {
      const parts = entries.map(([key, value]) => (value === "" ? key : `${key}_${value}`));
      return {
        ...limit,
        key: cacheKey(domain, entries, undefined),
        statsKey: `${domain}.${parts.join(".")}`,
        name: "",
        shadowMode: false,
        quotaMode: false,
        rule: undefined,
      };
    }
    const hit = findRule(root, domain, entries);
    if (hit === undefined) return undefined;
    for (const name of hit.rule.limit.replaces) replaced.add(name);
    if (hit.rule.limit.unlimited) return "unlimited";
    const { requestsPerUnit, unit, name } = hit.rule.limit;
    const { shadowMode, quotaMode, path } = hit.rule;
    const key = cacheKey(domain, entries, hit.shared);
    const { statsKey } = hit;
    return { key, statsKey, requestsPerUnit, unit, name, shadowMode, quotaMode, rule: path };
  });
  return found.map((one) =>
    typeof one === "object" && one.name !== "" && replaced.has(one.name) ? undefined : one,
  );
}

/** One count for each list of keys and values, less the window (`GenerateCacheKey` in cache_key.go). */
function cacheKey(
  domain: string,
  entries: Descriptor,
  shared: readonly (string | undefined)[] | undefined,
): string {
  const parts = entries.map(([key, value], index) => `${key}_${shared?.[index] ?? value}_`);
  return `${domain}_${parts.join("")}`;
}

interface Counting {
  readonly found: readonly Found[];
  readonly added: readonly number[];
  readonly seconds: number;
  readonly store: CounterStore;
  readonly stop: boolean;
}

/** Adds the call to its counters; gives each count after it. */
function countCall({ found, added, seconds, store, stop }: Counting): readonly number[] {
  const counters = found.map((one) =>
    typeof one === "object" ? store.find(one.key, seconds, UNIT_SECONDS[one.unit]) : undefined,
  );
  // With the stop, all counters are read first; if one would go over, only such are added to.
  const over = found.map(
    (one, index) =>
      stop &&
      typeof one === "object" &&
      (counters[index]?.read() ?? 0) + (added[index] ?? 0) > one.requestsPerUnit,
  );
  const refused = over.includes(true);
  return counters.map((counter, index) => {
    const hits = refused && over[index] !== true ? 0 : (added[index] ?? 0);
    return counter?.add(hits) ?? 0;
  });
}

interface Answering {
  readonly calls: readonly DescriptorCall[];
  readonly found: readonly Found[];
  readonly counted: readonly number[];
  readonly added: readonly number[];
  readonly seconds: number;
  readonly stats: LimiterStats;
  readonly ratio: number;
  readonly shadowMode?: boolean;
  readonly quotaMode?: boolean;
}

function answer(call: Answering): LimiterAnswer {
  let refused = 0;
  let quotas = 0;
  let usedUp = 0;
  const statuses = call.calls.map((_, index): LimitStatus => {
    const one = call.found[index];
    if (one === "unlimited") return { code: "OK", remaining: MAX_UINT32, resetSeconds: 0 };
    const status = buildStatus(one, index, call);
    const quota = call.quotaMode === true || one?.quotaMode === true;
    quotas += quota ? 1 : 0;
    if (status.code === "OVER_LIMIT") {
      usedUp += quota ? 1 : 0;
      refused += quota ? 0 : 1;
    }
    return status;
  });
  const over = refused > 0 || (quotas > 0 && quotas === usedUp);
  if (over && call.shadowMode === true) call.stats.addGlobalShadow();
  return {
    overall: over && call.shadowMode !== true ? "OVER_LIMIT" : "OK",
    statuses,
    headers: buildRateLimitHeaders(statuses),
  };
}

function buildStatus(
  one: Counted | undefined,
  index: number,
  { counted, added, seconds, stats, ratio }: Answering,
): LimitStatus {
  if (one === undefined) return { code: "OK", remaining: 0, resetSeconds: 0 };
  const after = counted[index] ?? 0;
  const { requestsPerUnit, unit, name, rule } = one;
  const over = after > requestsPerUnit;
  stats.add(
    one.statsKey,
    countHits({ after, hits: added[index] ?? 0, limit: requestsPerUnit, ratio, ...one }),
  );
  const length = UNIT_SECONDS[unit];
  return {
    code: over && !one.shadowMode ? "OVER_LIMIT" : "OK",
    limit: { requestsPerUnit, unit, name },
    remaining: over ? 0 : requestsPerUnit - after,
    resetSeconds: length - (seconds % length),
    ...(rule === undefined ? {} : { rule }),
  };
}
