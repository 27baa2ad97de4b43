import { Family, HistogramFamily } from "./metric-cells.ts";

/** Upper ends of the steps of times, in seconds. */
export const LATENCY_STEPS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

interface GaugeOptions {
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** Called before the value is read. */
  readonly collect?: () => void;
}

interface HistogramOptions {
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly steps: readonly number[];
}

/** Makes families and keeps a list of them. */
export interface Declarers {
  readonly families: readonly (Family | HistogramFamily)[];
  readonly counter: (name: string, help: string, ...labelNames: readonly string[]) => Family;
  readonly gauge: (name: string, options: GaugeOptions) => Family;
  readonly histogram: (name: string, options: HistogramOptions) => HistogramFamily;
}

export function createDeclarers(): Declarers {
  const families: (Family | HistogramFamily)[] = [];
  return {
    families,
    counter(name, help, ...labelNames) {
      const family = new Family("counter", { name, help, labelNames });
      families.push(family);
      return family;
    },
    gauge(name, { help, labelNames = [], collect }) {
      const family = new Family("gauge", { name, help, labelNames }, collect);
      families.push(family);
      return family;
    },
    histogram(name, { help, labelNames = [], steps }) {
      const family = new HistogramFamily({ name, help, labelNames }, steps);
      families.push(family);
      return family;
    },
  };
}
