import { CALIBRATION_BINS, type Ranked } from "./scored.ts";

/** What is measured on a set of rows. All are shares in [0, 1] but `logLoss` (nats). */
export interface Metrics {
  /** Share of right verdicts when probability ≥ 0.5 is called phishing. */
  readonly accuracy: number;
  /** Harmonic mean of precision and recall of phishing, at 0.5. */
  readonly f1: number;
  /** Chance that a phishing row has the higher probability of a random pair; ties count half. */
  readonly auc: number;
  /** The most phishing found by any threshold that stops at most 1 % of the legitimate rows. */
  readonly tprAtFpr1: number;
  /** The same at 0.1 %. */
  readonly tprAtFpr01: number;
  readonly logLoss: number;
  /** Mean squared distance of probability and label. */
  readonly brier: number;
  /** Mean distance of probability and share of phishing over 15 equal bins, weighted by rows. */
  readonly ece: number;
  /** What the frozen threshold does on these rows: false alarms, phishing found, verdicts, F1. */
  readonly frozenFpr: number;
  readonly frozenTpr: number;
  readonly frozenAccuracy: number;
  readonly frozenF1: number;
}

export type MetricName = keyof Metrics;

export interface MetricsOptions {
  /** The frozen threshold: probability ≥ threshold is called phishing. */
  readonly threshold: number;
  /** How often each domain counts, by its number; without it each row counts once. */
  readonly domainWeights?: ArrayLike<number>;
}

const FPR_1 = 0.01;
const FPR_01 = 0.001;
/** Sums of weights are compared with this slack, so that 10 of 1,000 is 1 %. */
const SLACK = 1e-9;

/**
 * All metrics in one pass over rows in falling order of probability. A figure that has no meaning
 * (no row of one class) is NaN.
 */
export function computeMetrics(ranked: Ranked, options: MetricsOptions): Metrics {
  const sums = sumRows(ranked, options.domainWeights);
  const curve = walkCurve(ranked, sums, options);
  const total = sums.phishing + sums.legitimate;
  const half = verdicts(curve.half, sums);
  const frozen = verdicts(curve.frozen, sums);
  return {
    accuracy: half.accuracy,
    f1: half.f1,
    auc: curve.area / (sums.phishing * sums.legitimate),
    tprAtFpr1: curve.found1 / sums.phishing,
    tprAtFpr01: curve.found01 / sums.phishing,
    logLoss: sums.loss / total,
    brier: sums.square / total,
    ece: calibrationError(sums.bins, total),
    frozenFpr: curve.frozen.alarms / sums.legitimate,
    frozenTpr: curve.frozen.found / sums.phishing,
    frozenAccuracy: frozen.accuracy,
    frozenF1: frozen.f1,
  };
}

interface Sums {
  phishing: number;
  legitimate: number;
  loss: number;
  square: number;
  /** For each bin: sum of probability less sum of labels. */
  readonly bins: Float64Array;
}

function sumRows(ranked: Ranked, weights: ArrayLike<number> | undefined): Sums {
  const sums = { phishing: 0, legitimate: 0, loss: 0, square: 0 };
  const bins = new Float64Array(CALIBRATION_BINS);
  const { label, domain, loss, square, bin, probability } = ranked;
  for (let row = 0; row < label.length; row += 1) {
    const weight = weights === undefined ? 1 : (weights[domain[row] ?? 0] ?? 0);
    if (weight === 0) continue;
    const y = label[row] ?? 0;
    sums.phishing += weight * y;
    sums.legitimate += weight * (1 - y);
    sums.loss += weight * (loss[row] ?? 0);
    sums.square += weight * (square[row] ?? 0);
    const at = bin[row] ?? 0;
    bins[at] = (bins[at] ?? 0) + weight * ((probability[row] ?? 0) - y);
  }
  return { ...sums, bins };
}

interface Point {
  /** Phishing rows at or above the threshold. */
  readonly found: number;
  /** Legitimate rows at or above the threshold. */
  readonly alarms: number;
}

interface Curve {
  readonly area: number;
  readonly found1: number;
  readonly found01: number;
  readonly half: Point;
  readonly frozen: Point;
}

/** Walks the ROC curve from the highest probability down, a group of equal probabilities a step. */
function walkCurve(ranked: Ranked, sums: Sums, options: MetricsOptions): Curve {
  const { probability, label, domain } = ranked;
  const weights = options.domainWeights;
  const rows = label.length;
  const most1 = FPR_1 * sums.legitimate + SLACK;
  const most01 = FPR_01 * sums.legitimate + SLACK;
  let [found, alarms, area, found1, found01] = [0, 0, 0, 0, 0];
  let half: Point = { found: 0, alarms: 0 };
  let frozen: Point = half;
  for (let row = 0; row < rows; ) {
    const p = probability[row] ?? 0;
    let [more, moreAlarms] = [0, 0];
    for (; row < rows && probability[row] === p; row += 1) {
      const weight = weights === undefined ? 1 : (weights[domain[row] ?? 0] ?? 0);
      if (label[row] === 1) more += weight;
      else moreAlarms += weight;
    }
    area += moreAlarms * (found + more / 2);
    found += more;
    alarms += moreAlarms;
    if (alarms <= most1) found1 = found;
    if (alarms <= most01) found01 = found;
    if (p >= 0.5) half = { found, alarms };
    if (p >= options.threshold) frozen = { found, alarms };
  }
  return { area, found1, found01, half, frozen };
}

function verdicts(point: Point, sums: Sums): { accuracy: number; f1: number } {
  const right = point.found + (sums.legitimate - point.alarms);
  return {
    accuracy: right / (sums.phishing + sums.legitimate),
    f1: (2 * point.found) / (sums.phishing + point.found + point.alarms),
  };
}

function calibrationError(bins: Float64Array, total: number): number {
  let sum = 0;
  for (const difference of bins) sum += Math.abs(difference);
  return sum / total;
}
