/** Counts by steps: between two neighbouring edges, with the upper one; beyond the ends, the ends' steps. */
export interface Steps {
  /** Rising. Step i reaches from edge i to edge i + 1. */
  readonly edges: readonly number[];
}

/** The step a value falls in. */
export function findStep({ edges }: Steps, value: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= Number(edges[middle + 1])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/**
 * The value below which a share of what was counted lies, taken as spread evenly over each step (as
 * Prometheus' `histogram_quantile` does); undefined when nothing was counted.
 */
export function readQuantile(
  { edges }: Steps,
  { counts, share }: { readonly counts: Float64Array; readonly share: number },
): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return undefined;
  }
  const wanted = share * total;
  let below = 0;
  for (const [i, count] of counts.entries()) {
    if (count > 0 && below + count >= wanted) {
      const [from = 0, to = 0] = edges.slice(i, i + 2);
      return from + ((to - from) * Math.max(0, wanted - below)) / count;
    }
    below += count;
  }
  return edges.at(-1);
}
