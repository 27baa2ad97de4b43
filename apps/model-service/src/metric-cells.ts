import { Counter, Histogram, type LabelValues, type Registry } from "prom-client";

/** One line of a counter. Counting is an addition; prom-client's own `inc` hashes the labels each time. */
export interface CounterCell {
  value: number;
}

/** A counter whose lines are looked up once, by those who count often. */
export class CellCounter<Label extends string> extends Counter<Label> {
  readonly #cells: (CounterCell & { labels: LabelValues<Label> })[] = [];

  /** A line with these labels, from zero; asked for once for each set of labels. */
  cell(labels: LabelValues<Label>): CounterCell {
    const cell = { labels, value: 0 };
    this.#cells.push(cell);
    return cell;
  }

  override async get() {
    return { ...(await super.get()), values: [...this.#cells] };
  }
}

/** One set of buckets of a histogram. */
export interface HistogramCell {
  observe(value: number): void;
}

interface Buckets extends HistogramCell {
  render(name: string): object[];
}

interface CellHistogramOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** Upper ends, rising, without +Inf. */
  readonly buckets: readonly number[];
  readonly registers: Registry[];
}

/** A histogram whose lines are looked up once, as those of `CellCounter`. */
export class CellHistogram<Label extends string> extends Histogram<Label> {
  readonly #name: string;
  readonly #help: string;
  readonly #steps: readonly number[];
  readonly #cells: Buckets[] = [];

  constructor({ buckets, ...options }: CellHistogramOptions<Label>) {
    super({ ...options, labelNames: [...options.labelNames], buckets: [...buckets] });
    this.#name = options.name;
    this.#help = options.help;
    this.#steps = buckets;
  }

  cell(labels: LabelValues<Label>): HistogramCell {
    const cell = createBuckets(labels, this.#steps);
    this.#cells.push(cell);
    return cell;
  }

  /** What prom-client asks for, under this name, in its `get` and when it writes text. */
  async getForPromString() {
    const values = this.#cells.flatMap((cell) => cell.render(this.#name));
    return { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
  }
}

function createBuckets(sharedLabels: object, steps: readonly number[]): Buckets {
  const counts = new Float64Array(steps.length + 1);
  let sum = 0;
  return {
    observe(value) {
      let at = 0;
      while (at < steps.length && value > Number(steps[at])) {
        at++;
      }
      counts[at] = Number(counts[at]) + 1;
      sum += value;
    },
    render(name) {
      let total = 0;
      const lines = [...steps, "+Inf"].map((le, i) => {
        total += Number(counts[i]);
        return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: total };
      });
      return [
        ...lines,
        { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sum },
        { metricName: `${name}_count`, labels: {}, sharedLabels, value: total },
      ];
    },
  };
}
