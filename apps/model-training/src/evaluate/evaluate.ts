// From a model file and three sets of rows to every figure of the card.
import { type BootstrapOptions, type Estimates, estimateMetrics } from "./bootstrap.ts";
import { buildCurves, type Curves } from "./curves.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { rank, type Scored } from "./scored.ts";
import { countByName, SLICE_NAMES, type SliceFigures } from "./slices.ts";
import { chooseLow, chooseThreshold, measureBand } from "./threshold.ts";

/** What was decided on the validation rows and is frozen from then on. */
export interface Decision {
  readonly threshold: number;
  readonly chosen: {
    readonly on: string;
    readonly targetFpr: number;
    readonly rowsPerDomain: number;
    readonly missRate: number;
  };
  /** Below `low` the verdict is legitimate, from `high` (the threshold) on phishing, between unsure. */
  readonly band: { readonly low: number; readonly high: number };
  /** Thresholds for other aims, of which only the first is used. */
  readonly points: readonly { readonly targetFpr: number; readonly threshold: number }[];
  /** The share of phishing among the rows on which probabilities were calibrated. */
  readonly prior: number;
}

const TARGET_FPR = 0.01;
const STRICT_FPR = 0.001;
const ROWS_PER_DOMAIN = 20;
const MISS_RATE = 0.02;

/** Chooses threshold and unsure band on validation rows. */
export function decide(name: string, scored: Scored): Decision {
  const rowsPerDomain = ROWS_PER_DOMAIN;
  const threshold = chooseThreshold(scored, { targetFpr: TARGET_FPR, rowsPerDomain });
  const strict = chooseThreshold(scored, { targetFpr: STRICT_FPR, rowsPerDomain });
  const low = Math.min(threshold, chooseLow(scored, { missRate: MISS_RATE, rowsPerDomain }));
  return {
    threshold,
    chosen: { on: name, targetFpr: TARGET_FPR, rowsPerDomain, missRate: MISS_RATE },
    band: { low, high: threshold },
    points: [
      { targetFpr: TARGET_FPR, threshold },
      { targetFpr: STRICT_FPR, threshold: strict },
    ],
    prior: scored.label.reduce((sum, label) => sum + label, 0) / scored.label.length,
  };
}

/** Everything that is measured on one set of rows. */
export interface SetReport {
  readonly name: string;
  readonly rows: number;
  readonly phishing: number;
  readonly legitimate: number;
  readonly domains: number;
  readonly notUrls: number;
  readonly metrics: Estimates;
  /** Coverage and accuracy outside the unsure band. */
  readonly sure: { readonly coverage: number; readonly accuracy: number };
  /** What each of the frozen thresholds does here. */
  readonly points: readonly {
    readonly targetFpr: number;
    readonly threshold: number;
    readonly fpr: number;
    readonly tpr: number;
  }[];
  readonly slices: readonly SliceFigures[];
  readonly sources: readonly SliceFigures[];
  readonly curves: Curves;
}

/** Measures scored rows under a frozen decision. */
export function measureSet(
  set: EvaluationSet,
  scored: Scored,
  decision: Decision,
  options: Omit<BootstrapOptions, "threshold">,
): SetReport {
  const ranked = rank(scored);
  const phishing = scored.label.reduce((sum, label) => sum + label, 0);
  const flagged = (row: number) => (scored.probability[row] ?? 0) >= decision.threshold;
  const inputs = set.rows.map((row, at) => ({ label: row.label, flagged: flagged(at) }));
  return {
    name: set.name,
    rows: set.rows.length,
    phishing,
    legitimate: set.rows.length - phishing,
    domains: set.domains.length,
    notUrls: set.notUrls,
    metrics: estimateMetrics(ranked, { ...options, threshold: decision.threshold }),
    sure: measureBand(scored, decision.band),
    points: decision.points.map((point) => ({ ...point, ...ratesAt(scored, point.threshold) })),
    slices: countByName(
      inputs.map((input, at) => ({ ...input, names: set.slices[at] ?? [] })),
      SLICE_NAMES,
    ),
    sources: countByName(
      inputs.map((input, at) => ({ ...input, names: [set.rows[at]?.source ?? ""] })),
    ),
    curves: buildCurves(ranked),
  };
}

/** The shares of legitimate and of phishing rows at or above a threshold. */
export function ratesAt(scored: Scored, threshold: number): { fpr: number; tpr: number } {
  const rows = [0, 0];
  const above = [0, 0];
  scored.label.forEach((label, row) => {
    rows[label] = (rows[label] ?? 0) + 1;
    if ((scored.probability[row] ?? 0) >= threshold) above[label] = (above[label] ?? 0) + 1;
  });
  const rate = (label: 0 | 1) => (above[label] ?? 0) / (rows[label] ?? 0);
  return { fpr: rate(0), tpr: rate(1) };
}
