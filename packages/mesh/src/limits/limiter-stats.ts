/** What one call adds to the counters of a rule. */
export interface HitCounts {
  readonly total_hits: number;
  readonly over_limit: number;
  readonly near_limit: number;
  readonly within_limit: number;
  readonly shadow_mode: number;
}

export interface CountHitsOptions {
  /** The count after the call. */
  readonly after: number;
  readonly hits: number;
  readonly limit: number;
  /** From which share of the limit on it is near. */
  readonly ratio: number;
  readonly shadowMode: boolean;
}

/**
 * How the hits of a call divide into within, near and over the limit: a call that crosses a border
 * counts on both sides (`checkOverLimitThreshold` and `checkNearLimitThreshold` in
 * src/limiter/base_limiter.go of envoyproxy/ratelimit at 1e50889b).
 */
export function countHits({ after, hits, limit, ratio, shadowMode }: CountHitsOptions): HitCounts {
  // In unsigned numbers: a call that was asked but not counted would begin below 0.
  const before = after < hits ? Number.POSITIVE_INFINITY : after - hits;
  const near = Math.floor(Math.fround(limit * ratio));
  if (after > limit) {
    const over = before >= limit ? hits : after - limit;
    const crossed = before >= limit ? 0 : limit - Math.max(near, before);
    const shadow = shadowMode ? over : 0;
    return {
      ...NONE,
      total_hits: hits,
      over_limit: over,
      near_limit: crossed,
      shadow_mode: shadow,
    };
  }
  const isNear = after > near;
  const nearHits = isNear ? (before >= near ? hits : after - near) : 0;
  return { ...NONE, total_hits: hits, near_limit: nearHits, within_limit: hits };
}

const NONE: HitCounts = {
  total_hits: 0,
  over_limit: 0,
  near_limit: 0,
  within_limit: 0,
  shadow_mode: 0,
};

/** A counter as Prometheus reads it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** How many rules are told apart; detailed metrics could name one for each caller. */
const MAX_KEYS = 10_000;

const KINDS = ["total_hits", "over_limit", "near_limit", "within_limit", "shadow_mode"] as const;

/** The counters of a limiter by rule. */
export class LimiterStats {
  readonly #rules = new Map<string, HitCounts>();
  #unknownDomains = 0;
  #globalShadow = 0;

  /** Adds a call to the counters of a key; a key past the ten thousandth is not told apart. */
  add(statsKey: string, counts: HitCounts): void {
    const known = this.#rules.get(statsKey);
    if (known === undefined && this.#rules.size >= MAX_KEYS) return;
    const sum = known ?? NONE;
    this.#rules.set(statsKey, {
      total_hits: sum.total_hits + counts.total_hits,
      over_limit: sum.over_limit + counts.over_limit,
      near_limit: sum.near_limit + counts.near_limit,
      within_limit: sum.within_limit + counts.within_limit,
      shadow_mode: sum.shadow_mode + counts.shadow_mode,
    });
  }

  addUnknownDomain(): void {
    this.#unknownDomains += 1;
  }

  addGlobalShadow(): void {
    this.#globalShadow += 1;
  }

  /** Calls for a domain that is not configured. */
  get unknownDomains(): number {
    return this.#unknownDomains;
  }

  /** Calls that only the limiter's own shadow mode let through. */
  get globalShadow(): number {
    return this.#globalShadow;
  }

  /** What a rule counted, by the name of its counters. */
  read(statsKey: string): HitCounts {
    return this.#rules.get(statsKey) ?? NONE;
  }

  /**
   * The samples that the limiter's Prometheus endpoint shows (src/stats/prom/default_mapper.yaml):
   * labels domain, key1 and, from two levels on, key2; what is below the second level falls
   * together, and a counter shows up with its first hit.
   */
  samples(): readonly Sample[] {
    const sums = new Map<string, Sample>();
    for (const [statsKey, counts] of this.#rules) {
      const labels = buildLabels(statsKey);
      for (const kind of KINDS.filter((one) => counts[one] > 0)) {
        const name = `ratelimit_service_rate_limit_${kind}`;
        const id = JSON.stringify([name, labels]);
        const value = (sums.get(id)?.value ?? 0) + counts[kind];
        sums.set(id, { name, labels, value });
      }
    }
    return [...sums.values()];
  }
}

const IPV4 = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/g;

/** The parts of a counter's name between dots, cleaned as `SanitizeStatName` does. */
function buildLabels(statsKey: string): Readonly<Record<string, string>> {
  const clean = statsKey
    .replace(/[:|]/g, "_")
    .replace(IPV4, (address) => address.replaceAll(".", "_"));
  const [domain = "", key1 = "", key2] = clean.split(".");
  return key2 === undefined ? { domain, key1 } : { domain, key1, key2 };
}
