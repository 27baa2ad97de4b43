// Counters that cost an addition. prom-client, which looks its labels up each time and takes 50 ms to load, writes them out.

type Labels = Readonly<Record<string, string>>;

interface Declaration<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
}

/** One line of a counter or gauge. */
export interface Cell {
  readonly labels: Labels;
  value: number;
}

/** A counter or a gauge: lines by label, each looked up once by those who count often. */
export class Family<Label extends string = string> {
  readonly kind: "counter" | "gauge";
  readonly declaration: Declaration<Label>;
  cells: Cell[] = [];
  /** Called before the lines are read. */
  readonly collect: (() => void) | undefined;

  constructor(kind: "counter" | "gauge", declaration: Declaration<Label>, collect?: () => void) {
    this.kind = kind;
    this.declaration = declaration;
    this.collect = collect;
  }

  /** The line with these labels, from zero when it is new. */
  cell(labels: Readonly<Record<Label, string>>): Cell {
    const { labelNames } = this.declaration;
    const known = this.cells.find((cell) =>
      labelNames.every((name) => cell.labels[name] === labels[name]),
    );
    const cell = known ?? { labels, value: 0 };
    if (known === undefined) {
      this.cells.push(cell);
    }
    return cell;
  }
}

/** One set of buckets of a histogram. */
export interface Buckets {
  readonly labels: Labels;
  readonly counts: Float64Array;
  sum: number;
  observe(value: number): void;
}

/** A histogram: sets of buckets by label. */
export class HistogramFamily<Label extends string = string> {
  readonly kind = "histogram";
  readonly declaration: Declaration<Label>;
  /** Upper ends, rising, without +Inf. */
  readonly steps: readonly number[];
  readonly cells: Buckets[] = [];

  constructor(declaration: Declaration<Label>, steps: readonly number[]) {
    this.declaration = declaration;
    this.steps = steps;
  }

  /** A new set of buckets; asked for once for each set of labels. */
  cell(labels: Readonly<Record<Label, string>>): Buckets {
    const ends = Float64Array.from(this.steps);
    const counts = new Float64Array(ends.length + 1);
    const cell: Buckets = {
      labels,
      counts,
      sum: 0,
      observe(value) {
        // Halving: a request is observed in three histograms of up to twenty steps.
        let low = 0;
        let high = ends.length;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (value > (ends[middle] ?? 0)) {
            low = middle + 1;
          } else {
            high = middle;
          }
        }
        counts[low] = (counts[low] ?? 0) + 1;
        cell.sum += value;
      },
    };
    this.cells.push(cell);
    return cell;
  }
}
