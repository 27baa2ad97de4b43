import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROGRAM_METRICS } from "./checks/known-metrics.ts";
import { TREE } from "./render.ts";

// This folder could be a repository of its own: the programs are compared with when they are beside it.
const Metric = z.object({
  name: z.string(),
  labelNames: z.array(z.string()),
  type: z.string().optional(),
});
// Not copied by the schema: its methods need their object.
const Registry = z.custom<{ getMetricsAsArray: () => unknown[] }>(
  (value) => typeof value === "object" && value !== null && "getMetricsAsArray" in value,
);
/** The page has its registry at hand, the model service builds it when it is asked. */
const Metrics = z.union([
  z.object({ registry: Registry }),
  z.object({
    readRegistry: z.custom<() => Promise<unknown>>((value) => typeof value === "function"),
  }),
]);
const Module = z.object({
  createMetrics: z.custom<(options: object) => unknown>((value) => typeof value === "function"),
});
/** What the programs' `createMetrics` take. */
const OPTIONS: Readonly<Record<string, object>> = {
  app: { variant: "v1" },
  "model-service": { queueLength: () => 0, isReady: () => true, process: true },
  "shadow-report": { readSummary: () => undefined, readPending: () => 0 },
};
/** Labels that a program gives all of its metrics. */
const DEFAULT_LABELS: Readonly<Record<string, readonly string[]>> = { app: ["version"] };

describe.each(Object.entries(PROGRAM_METRICS))("the metrics of %s", (program, metrics) => {
  const path = join(TREE, "..", "apps", program, "src", "metrics.ts");
  const absent = !existsSync(path);
  if (absent)
    console.warn(
      `gitops/program-metrics.test.ts: ${program} is not beside this folder, its metrics are not compared`,
    );

  test.skipIf(absent)("are in its registry, with these labels", async () => {
    const { createMetrics } = Module.parse(await import(path));
    const own = Metrics.parse(createMetrics(OPTIONS[program] ?? {}));
    const registry = "registry" in own ? own.registry : Registry.parse(await own.readRegistry());
    const registered = new Map(
      registry.getMetricsAsArray().map((one) => {
        const { name, labelNames } = Metric.parse(one);
        return [name, [...labelNames, ...(DEFAULT_LABELS[program] ?? [])]] as const;
      }),
    );
    const missing = metrics.flatMap(({ name, labels }) => {
      const found = registered.get(name);
      if (found === undefined) return [name];
      return labels.filter((label) => !found.includes(label)).map((label) => `${name}{${label}}`);
    });
    expect(missing).toEqual([]);
  });
});
