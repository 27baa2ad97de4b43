export type LabelPairs = readonly (readonly [name: string, value: string])[];

/** Envoy's default histogram buckets, which Istio's metrics have: for milliseconds and for bytes. */
const BUCKETS = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
  600_000, 1_800_000, 3_600_000,
];

/** Counts of values by bucket, and their sum. */
export class Histogram {
  readonly #counts = new Array<number>(BUCKETS.length + 1).fill(0);
  #sum = 0;

  observe(value: number): void {
    let at = 0;
    while (at < BUCKETS.length && value > (BUCKETS[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  /** The lines of one series. */
  render(name: string, labels: string): string {
    const separator = labels === "" ? "" : ",";
    let below = 0;
    let text = "";
    for (const [at, count] of this.#counts.entries()) {
      below += count;
      text += `${name}_bucket{${labels}${separator}le="${BUCKETS[at] ?? "+Inf"}"} ${below}\n`;
    }
    return `${text}${name}_sum{${labels}} ${this.#sum}\n${name}_count{${labels}} ${below}\n`;
  }
}

/** Labels in Prometheus' text format, without the braces. */
export function renderLabels(labels: LabelPairs): string {
  return labels
    .map(
      ([name, value]) =>
        `${name}="${value.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`))}"`,
    )
    .join(",");
}
