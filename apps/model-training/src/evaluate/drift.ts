/** Shares of rows in steps: `shares[i]` of them lie in [edges[i], edges[i + 1]), the last step has no end. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly shares: readonly number[];
}

export const PROBABILITY_EDGES: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 20);
export const LENGTH_EDGES: readonly number[] = [
  0, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 2048,
];

/** Counts values into the steps between the edges; what lies outside goes to the first or last step. */
export function buildHistogram(values: Iterable<number>, edges: readonly number[]): Histogram {
  const counts = new Float64Array(edges.length - 1);
  let total = 0;
  for (const value of values) {
    let step = edges.findLastIndex((edge) => value >= edge);
    step = Math.max(0, Math.min(counts.length - 1, step));
    counts[step] = (counts[step] ?? 0) + 1;
    total += 1;
  }
  return { edges, shares: [...counts].map((count) => (total === 0 ? 0 : count / total)) };
}

/** The least share a step is given in the index: an empty step would make it infinite. */
const LEAST_SHARE = 1e-4;

/**
 * The population stability index Σ (b − a)·ln(b ÷ a) of two histograms over the same edges.
 * Under 0.1 is usually read as no change, over 0.25 as a large one.
 */
export function stabilityIndex(reference: Histogram, current: Histogram): number {
  if (reference.edges.join() !== current.edges.join()) {
    throw new RangeError("Cannot compare histograms: they have different edges");
  }
  return reference.shares.reduce((sum, share, step) => {
    const a = Math.max(LEAST_SHARE, share);
    const b = Math.max(LEAST_SHARE, current.shares[step] ?? 0);
    return sum + (b - a) * Math.log(b / a);
  }, 0);
}
