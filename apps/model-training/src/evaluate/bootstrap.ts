// Rows of one site go together: a site that is missed is missed with all its pages. So whole
// registrable domains are drawn with replacement, not rows (Efron's cluster bootstrap).
import { computeMetrics, type MetricName, type Metrics } from "./metrics.ts";
import { createRandom } from "./random.ts";
import type { Ranked } from "./scored.ts";

/** A figure with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type Estimates = { readonly [Name in MetricName]: Estimate };

export interface BootstrapOptions {
  readonly threshold: number;
  readonly seed: number;
  /** How often the domains are drawn; 400 unless told. */
  readonly replicates?: number;
}

const REPLICATES = 400;

/**
 * Every metric with its 95 % percentile interval over draws of whole domains. A draw's calibration error
 * is too high by the noise that drawing adds to each bin: by the mean of that its interval is moved back.
 */
export function estimateMetrics(ranked: Ranked, options: BootstrapOptions): Estimates {
  const value = computeMetrics(ranked, { threshold: options.threshold });
  const draws = drawMetrics(ranked, options.threshold, options);
  return estimateEach((name) => {
    const column = columnOf(draws, name);
    return interval(value[name], name === "ece" ? moveBack(column, value.ece) : column);
  });
}

/** The draws of a figure that is never below 0, moved so that their mean is the figure itself. */
function moveBack(draws: readonly number[], value: number): number[] {
  const shift = draws.reduce((sum, draw) => sum + draw, 0) / draws.length - value;
  return draws.map((draw) => Math.max(0, draw - shift));
}

/** How much `b` is above `a` on the same rows, each draw of domains counted for both. */
export function estimateDifference(
  a: { readonly ranked: Ranked; readonly threshold: number },
  b: { readonly ranked: Ranked; readonly threshold: number },
  options: Omit<BootstrapOptions, "threshold">,
): Estimates {
  if (a.ranked.domains !== b.ranked.domains || a.ranked.label.length !== b.ranked.label.length) {
    throw new RangeError("Cannot compare two models: they were scored on different rows");
  }
  const before = computeMetrics(a.ranked, { threshold: a.threshold });
  const after = computeMetrics(b.ranked, { threshold: b.threshold });
  const drawsBefore = drawMetrics(a.ranked, a.threshold, options);
  const drawsAfter = drawMetrics(b.ranked, b.threshold, options);
  return estimateEach((name) => {
    const differences = columnOf(drawsAfter, name).map((x, i) => x - (drawsBefore[i]?.[name] ?? 0));
    return interval(after[name] - before[name], differences);
  });
}

function drawMetrics(
  ranked: Ranked,
  threshold: number,
  options: Omit<BootstrapOptions, "threshold">,
): readonly Metrics[] {
  const random = createRandom(options.seed);
  return Array.from({ length: options.replicates ?? REPLICATES }, () =>
    computeMetrics(ranked, { threshold, domainWeights: drawDomains(ranked.domains, random) }),
  );
}

/** How often each of `domains` comes up in as many draws with replacement. */
function drawDomains(domains: number, random: () => number): Int32Array {
  const counts = new Int32Array(domains);
  for (let draw = 0; draw < domains; draw += 1) {
    const domain = Math.floor(random() * domains);
    counts[domain] = (counts[domain] ?? 0) + 1;
  }
  return counts;
}

function interval(value: number, draws: readonly number[]): Estimate {
  // A draw of very few domains may hold one class only; it says nothing of the figure.
  const sorted = draws.filter((draw) => Number.isFinite(draw)).sort((a, b) => a - b);
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** The quantile of sorted numbers, linear between neighbours; NaN when there are none. */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

function columnOf(draws: readonly Metrics[], name: MetricName): number[] {
  return draws.map((draw) => draw[name]);
}

function estimateEach(estimate: (name: MetricName) => Estimate): Estimates {
  return {
    accuracy: estimate("accuracy"),
    f1: estimate("f1"),
    auc: estimate("auc"),
    tprAtFpr1: estimate("tprAtFpr1"),
    tprAtFpr01: estimate("tprAtFpr01"),
    logLoss: estimate("logLoss"),
    brier: estimate("brier"),
    ece: estimate("ece"),
    frozenFpr: estimate("frozenFpr"),
    frozenTpr: estimate("frozenTpr"),
    frozenAccuracy: estimate("frozenAccuracy"),
    frozenF1: estimate("frozenF1"),
  };
}
