import type { LimitCall } from "@hookline/mesh";
import type { LimiterAnswer, Verdict } from "./limits.ts";

/** What went where since the start, for the status page. */
export interface TrafficSnapshot {
  readonly requests: number;
  readonly underWay: number;
  readonly connections: number;
  /** One row for each caller, route and pod's version. */
  readonly splits: readonly SplitRow[];
  readonly mirrors: readonly MirrorRow[];
  readonly limits: readonly LimitRow[];
  readonly limiter: { readonly ok: number; readonly overLimit: number; readonly errors: number };
  readonly clusters: readonly ClusterRow[];
}

/** In the place of a version, which has no spaces, for a request that reached no pod. */
const NO_POD = "no pod";
const REFUSED = "refused by the limiter";

export function describeNobody(flags: string): string {
  return flags === "RL" ? REFUSED : NO_POD;
}

export function isNobody({ version }: Pick<SplitRow, "version">): boolean {
  return version === NO_POD || version === REFUSED;
}

export interface SplitRow {
  readonly from: string;
  readonly service: string;
  readonly workload: string;
  /** The pod's, or why there was none. */
  readonly version: string;
  readonly requests: number;
  /** Answered with 5xx, or not at all. */
  readonly failed: number;
}

export interface MirrorRow {
  readonly service: string;
  readonly version: string;
  readonly sent: number;
  readonly failed: number;
  readonly dropped: number;
}

export interface LimitRow {
  /** As "authorization=…": the descriptor that was sent. */
  readonly descriptor: string;
  readonly rule: string | undefined;
  readonly limit: { readonly requestsPerUnit: number; readonly unit: string } | undefined;
  readonly remaining: number;
  readonly code: "OK" | "OVER_LIMIT";
  /** When its window ends, in ms. */
  readonly resetAt: number;
}

export interface ClusterRow {
  readonly name: string;
  readonly pods: readonly {
    readonly pod: string;
    readonly active: number;
    readonly isEjected: boolean;
  }[];
}

/** Descriptors kept, at most: a client may send any Authorization. The oldest goes. */
const MAX_LIMIT_ROWS = 200;

/** Counts for the status page. */
export class Traffic {
  requests = 0;
  underWay = 0;
  readonly limiter = { ok: 0, overLimit: 0, errors: 0, allowed: 0 };
  readonly #splits = new Map<
    string,
    { row: Omit<SplitRow, "requests" | "failed">; requests: number; failed: number }
  >();
  readonly #mirrors = new Map<
    string,
    { service: string; version: string; sent: number; failed: number; dropped: number }
  >();
  readonly #limits = new Map<string, LimitRow>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  countAnswer(row: Omit<SplitRow, "requests" | "failed">, isFailed: boolean): void {
    const key = `${row.from} ${row.service} ${row.workload} ${row.version}`;
    const entry = this.#splits.get(key) ?? { row, requests: 0, failed: 0 };
    entry.requests += 1;
    if (isFailed) entry.failed += 1;
    this.#splits.set(key, entry);
  }

  countMirror(service: string, version: string, outcome: "sent" | "failed" | "dropped"): void {
    const key = `${service} ${version}`;
    const entry = this.#mirrors.get(key) ?? { service, version, sent: 0, failed: 0, dropped: 0 };
    if (outcome === "dropped") entry.dropped += 1;
    else entry.sent += 1;
    if (outcome === "failed") entry.failed += 1;
    this.#mirrors.set(key, entry);
  }

  countVerdict(call: LimitCall, verdict: Verdict): void {
    if (verdict.kind === "error") {
      this.limiter.errors += 1;
      if (!call.failureModeDeny) this.limiter.allowed += 1;
      return;
    }
    if (verdict.kind === "reply") this.limiter.overLimit += 1;
    else this.limiter.ok += 1;
    this.#keepLimits(call, verdict.answer);
  }

  splits(): readonly SplitRow[] {
    return [...this.#splits.values()].map(({ row, requests, failed }) => ({
      ...row,
      requests,
      failed,
    }));
  }

  mirrors(): readonly MirrorRow[] {
    return [...this.#mirrors.values()];
  }

  /** Those whose window is not over. */
  limits(): readonly LimitRow[] {
    const now = this.#now();
    return [...this.#limits.values()].filter(({ resetAt }) => resetAt > now);
  }

  #keepLimits({ descriptors }: LimitCall, { statuses }: LimiterAnswer): void {
    for (const [index, status] of statuses.entries()) {
      if (status.limit === undefined) continue;
      const descriptor = (descriptors[index] ?? [])
        .map(([key, value]) => `${key}=${value}`)
        .join(" ");
      this.#limits.delete(descriptor);
      this.#limits.set(descriptor, {
        descriptor,
        rule: status.rule,
        limit: { requestsPerUnit: status.limit.requestsPerUnit, unit: status.limit.unit },
        remaining: status.remaining,
        code: status.code,
        resetAt: this.#now() + status.resetSeconds * 1000,
      });
    }
    for (const key of this.#limits.keys()) {
      if (this.#limits.size <= MAX_LIMIT_ROWS) break;
      this.#limits.delete(key);
    }
  }
}
