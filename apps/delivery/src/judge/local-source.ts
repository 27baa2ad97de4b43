import { describeFailure } from "@hookline/command-line";
import { z } from "zod";
import { DeliveryError } from "../errors.ts";
import type { Labels, MetricsSource } from "./metrics-source.ts";

const State = z.object({
  workloads: z.array(
    z.object({ pods: z.array(z.object({ ports: z.record(z.string(), z.number()) })) }),
  ),
});

/** One line of the text format of Prometheus. */
interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const TIMEOUT_MS = 5000;

/**
 * Counts of a cluster that `bun run up` runs: of its gateway and of each pod, since they began. Throws
 * DeliveryError NO_METRICS when there is none at that address.
 */
export async function createLocalSource(url: string): Promise<MetricsSource> {
  const state = parseState(await read(new URL("/_local/api/state", url)), url);
  const pods = state.workloads.flatMap((workload) => workload.pods);
  const addresses = [
    new URL("/_local/metrics", url),
    ...pods.flatMap(({ ports: { metrics } }) =>
      metrics === undefined ? [] : [new URL(`http://127.0.0.1:${metrics}/metrics`)],
    ),
  ];
  const samples = (await Promise.all(addresses.map(read))).flatMap(parseSamples);
  const select = (name: string, labels: Labels) =>
    samples.filter((sample) => sample.name === name && isSelected(sample, labels));
  return {
    readIncrease: async (name, labels) =>
      // What a counter cannot be, as NaN, is not counted.
      select(name, labels).reduce((sum, { value }) => (value >= 0 ? sum + value : sum), 0),
    readGauge: async (name, labels) => {
      const values = select(name, labels).map(({ value }) => value);
      return values.length === 0 ? undefined : Math.max(...values);
    },
  };
}

function parseState(text: string, url: string): z.output<typeof State> {
  try {
    return State.parse(JSON.parse(text));
  } catch (error) {
    const message = `Cannot read the state of ${url}: that is no answer of "bun run up"`;
    throw new DeliveryError(message, { code: "NO_METRICS", cause: error });
  }
}

/** Reads the text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function parseSamples(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(
      ([, label = "", quoted = ""]) => [label, unquote(quoted)] as const,
    );
    return [{ name, labels: new Map(pairs), value: Number(value) }];
  });
}

function unquote(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) =>
    character === "n" ? "\n" : character,
  );
}

function isSelected({ labels }: Sample, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const found = labels.get(name) ?? "";
    return typeof value === "string" ? found === value : value.includes(found);
  });
}

async function read(url: URL): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return await response.text();
    throw new TypeError(`it answered ${response.status}`);
  } catch (error) {
    const message = `Cannot read ${url}: ${describeFailure(error)}; is "bun run up" running there?`;
    throw new DeliveryError(message, { code: "NO_METRICS", cause: error });
  }
}
