import { addProcessMetrics } from "@hookline/http-service/process-metrics";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Buckets, Family, HistogramFamily } from "./metric-cells.ts";

interface BuildRegistryOptions {
  /** Whether the process is measured as well. */
  readonly process: boolean;
}

/** A prom-client registry that reads our cells each time it is asked. */
export function buildRegistry(
  families: readonly (Family | HistogramFamily)[],
  { process }: BuildRegistryOptions,
): Registry {
  const registry = new Registry();
  for (const family of families) {
    if (family.kind === "histogram") {
      registry.registerMetric(new CellHistogram(family));
    } else {
      register(family, registry);
    }
  }
  if (process) {
    addProcessMetrics(registry);
  }
  return registry;
}

function register(family: Family, registry: Registry): void {
  const options = {
    ...family.declaration,
    labelNames: [...family.declaration.labelNames],
    registers: [registry],
  };
  if (family.kind === "gauge") {
    new Gauge({
      ...options,
      collect() {
        family.collect?.();
        this.reset();
        for (const { labels, value } of family.cells) {
          this.set(labels, value);
        }
      },
    });
    return;
  }
  new Counter({
    ...options,
    collect() {
      family.collect?.();
      this.reset();
      for (const { labels, value } of family.cells) {
        this.inc(labels, value);
      }
    },
  });
}

/** A histogram of ours under prom-client's name for what it asks of one. */
class CellHistogram extends Histogram {
  readonly #family: HistogramFamily;

  constructor(family: HistogramFamily) {
    const { name, help, labelNames } = family.declaration;
    super({ name, help, labelNames: [...labelNames], buckets: [...family.steps], registers: [] });
    this.#family = family;
  }

  /** Called by prom-client's `get`, and when it writes text. */
  async getForPromString() {
    const { declaration, steps, cells } = this.#family;
    const { name, help } = declaration;
    const values = cells.flatMap((cell) => renderBuckets(name, { cell, steps }));
    return { name, help, type: "histogram", aggregator: "sum", values };
  }
}

function renderBuckets(
  name: string,
  { cell, steps }: { readonly cell: Buckets; readonly steps: readonly number[] },
) {
  const { labels: sharedLabels } = cell;
  let count = 0;
  const buckets = [...steps, "+Inf"].map((le, i) => {
    count += Number(cell.counts[i]);
    return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: {}, sharedLabels, value: cell.sum },
    { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
  ];
}
