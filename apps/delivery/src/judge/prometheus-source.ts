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
  /** The address of Prometheus, without a path. */
  readonly url: string;
  /** Counts from then on. */
  readonly since: Date;
  readonly namespace: string;
  readonly now?: Date;
}

const TIMEOUT_MS = 10_000;
/** Shorter than two scrapes there is nothing to count. */
const LEAST_SECONDS = 60;

/** Counts that a Prometheus has scraped in one namespace (its HTTP API, /api/v1/query). */
export function createPrometheusSource(options: PrometheusOptions): MetricsSource {
  const { url, since, namespace, now = new Date() } = options;
  const elapsed = Math.ceil((now.getTime() - since.getTime()) / 1000);
  const seconds = Math.max(LEAST_SECONDS, elapsed);
  const select = (name: string, labels: Labels) =>
    `${name}{${formatMatchers({ ...labels, namespace })}}`;
  return {
    readIncrease: async (name, labels) => {
      const value = await query(url, `sum(increase(${select(name, labels)}[${seconds}s]))`);
      // Prometheus stretches what it saw to the ends of the window: counts come as fractions.
      return Math.max(0, Math.round(value ?? 0));
    },
    readGauge: (name, labels) => query(url, `max(${select(name, labels)})`),
  };
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

async function query(url: string, expression: string): Promise<number | undefined> {
  const address = new URL(`/api/v1/query?${new URLSearchParams({ query: expression })}`, url);
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { result } = Answer.parse(await response.json()).data;
    const value = Number(result[0]?.value[1]);
    return Number.isFinite(value) ? value : undefined;
  } catch (error) {
    const why =
      error instanceof z.ZodError ? "that is no answer of Prometheus" : describeFailure(error);
    const message = `Cannot read metrics from ${url}: ${why}`;
    throw new DeliveryError(message, { code: "NO_METRICS", cause: error });
  }
}
