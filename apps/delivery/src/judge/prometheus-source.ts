import { describeFailure } from "@hookline/command-line";
import { z } from "zod";
import { DeliveryError } from "../errors.ts";
import type { Labels, MetricsSource } from "./metrics-source.ts";

const Answer = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

export interface PrometheusOptions {
  /** The address of Prometheus; what comes before `/api` of its path is part of it. */
  readonly url: string;
  /** Counts from then on. */
  readonly since: Date;
  readonly namespace: string;
}

const TIMEOUT_MS = 10_000;
/** Shorter than two scrapes there is nothing to count. */
const LEAST_SECONDS = 60;

/**
 * Counts that a Prometheus has scraped in one namespace (its HTTP API, /api/v1/query). For one verdict: all that it counts
 * is counted at the moment of the first.
 */
export function createPrometheusSource(options: PrometheusOptions): MetricsSource {
  const { url, since, namespace } = options;
  const elapsed = Math.ceil((Date.now() - since.getTime()) / 1000);
  const seconds = Math.max(LEAST_SECONDS, elapsed);
  const select = (name: string, labels: Labels) =>
    `${name}{${formatMatchers({ ...labels, namespace })}}`;
  // Where nothing was scraped at the beginning, what is seen first may be older than that.
  const isWatched = `count(${select("up", {})} offset ${seconds}s) > 0`;
  // By the clock there. A scrape later, two counts that are compared would not be stretched alike.
  let moment: Promise<number | undefined> | undefined;
  const count = async (expression: string) => {
    moment ??= query(url, "vector(time())");
    return query(url, expression, await moment);
  };
  return {
    readIncrease: async (name, labels) => {
      const series = select(name, labels);
      const rise = await count(`sum(increase(${series}[${seconds}s]))`);
      // To increase() a series begins with its first sample: of errors that all came before it, it says 0
      // (prometheus/prometheus#1673). A series that was not there before began at 0.
      const isNew = `unless ${series} offset ${seconds}s and on() (${isWatched})`;
      const first = await count(`sum(min_over_time(${series}[${seconds}s]) ${isNew})`);
      // Prometheus stretches what it saw to the ends of the window: counts come as fractions.
      return Math.max(0, Math.round((rise ?? 0) + (first ?? 0)));
    },
    readGauge: (name, labels) => query(url, `max(${select(name, labels)})`),
  };
}

/**
 * When Argo CD was last seen to have synced the application of a namespace, after `since`; undefined where it did not, or
 * where nobody scrapes it. A sync is seen up to one and a half minutes late.
 */
export async function readLastSync(options: PrometheusOptions): Promise<Date | undefined> {
  const { url, since, namespace } = options;
  const seconds = Math.ceil((Date.now() - since.getTime()) / 1000);
  if (seconds <= 0) return undefined;
  const syncs = `argocd_app_sync_total{${formatMatchers({ name: namespace, phase: "Succeeded" })}}`;
  // A controller that was started again counts from its first sync on.
  const changed = `(${syncs} > ${syncs} offset 1m) or (${syncs} unless count_over_time(${syncs}[10m] offset 1m))`;
  const last = await query(url, `max_over_time(max(timestamp(${changed}))[${seconds}s:30s])`);
  return last === undefined ? undefined : new Date(last * 1000);
}

function formatMatchers(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) =>
      typeof value === "string"
        ? `${name}=${JSON.stringify(value)}`
        : `${name}=~${JSON.stringify(value.join("|"))}`,
    )
    .join(",");
}

/** What an expression gives, now or at a moment in seconds. */
async function query(url: string, expression: string, at?: number): Promise<number | undefined> {
  const time = at === undefined ? {} : { time: String(at) };
  const words = new URLSearchParams({ query: expression, ...time });
  const address = `${url.replace(/\/+$/, "")}/api/v1/query?${words}`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new TypeError(`it answered ${response.status}`);
    const { result } = Answer.parse(await response.json()).data;
    const value = Number(result[0]?.value[1]);
    return Number.isFinite(value) ? value : undefined;
  } catch (error) {
    const why =
      error instanceof z.ZodError ? "that is no answer of Prometheus" : describeFailure(error);
    const message = `Cannot read metrics from ${hideUser(url)}: ${why}`;
    throw new DeliveryError(message, { code: "NO_METRICS", cause: error });
  }
}

/** An address without the name and password that may stand in it. */
function hideUser(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/$/, "")}`;
}
