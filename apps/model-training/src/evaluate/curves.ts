// The figures behind the pictures of the card: enough points to draw, few enough to keep in JSON.
import { CALIBRATION_BINS, type Ranked } from "./scored.ts";

export interface RocPoint {
  readonly fpr: number;
  readonly tpr: number;
}

export interface ReliabilityBin {
  /** Mean probability of the rows of the bin. */
  readonly predicted: number;
  /** Share of them that is phishing. */
  readonly observed: number;
  readonly rows: number;
}

export interface Curves {
  /** The ROC curve from FPR 1e-4 to 1 at steps that are even on a logarithmic axis. */
  readonly roc: readonly RocPoint[];
  readonly reliability: readonly ReliabilityBin[];
  /** Rows of each class in 40 equal steps of probability. */
  readonly scores: { readonly legitimate: readonly number[]; readonly phishing: readonly number[] };
}

const ROC_STEPS = 80;
const LOWEST_FPR = 1e-4;
const SCORE_BINS = 40;

/** The points of the three pictures, from rows in falling order of probability. */
export function buildCurves(ranked: Ranked): Curves {
  return {
    roc: buildRoc(ranked),
    reliability: buildReliability(ranked),
    scores: { legitimate: countScores(ranked, 0), phishing: countScores(ranked, 1) },
  };
}

function buildRoc(ranked: Ranked): RocPoint[] {
  const phishing = ranked.label.reduce((sum, label) => sum + label, 0);
  const legitimate = ranked.label.length - phishing;
  const wanted = Array.from(
    { length: ROC_STEPS + 1 },
    (_, step) => LOWEST_FPR ** (1 - step / ROC_STEPS),
  );
  const points: RocPoint[] = [];
  let [found, alarms, row] = [0, 0, 0];
  // For each wanted FPR the best TPR that does not go over it: walk on while the next group fits.
  for (const fpr of wanted) {
    for (;;) {
      const end = groupEnd(ranked, row);
      const more = countPhishing(ranked, row, end);
      const moreAlarms = end - row - more;
      if (end === row || alarms + moreAlarms > fpr * legitimate + 1e-9) break;
      found += more;
      alarms += moreAlarms;
      row = end;
    }
    points.push({ fpr, tpr: found / phishing });
  }
  return points;
}

function groupEnd(ranked: Ranked, start: number): number {
  let end = start;
  while (end < ranked.label.length && ranked.probability[end] === ranked.probability[start])
    end += 1;
  return end;
}

function countPhishing(ranked: Ranked, start: number, end: number): number {
  let count = 0;
  for (let row = start; row < end; row += 1) count += ranked.label[row] ?? 0;
  return count;
}

function buildReliability(ranked: Ranked): ReliabilityBin[] {
  const sums = Array.from({ length: CALIBRATION_BINS }, () => ({ p: 0, y: 0, rows: 0 }));
  ranked.bin.forEach((bin, row) => {
    const sum = sums[bin];
    if (sum === undefined) return;
    sum.p += ranked.probability[row] ?? 0;
    sum.y += ranked.label[row] ?? 0;
    sum.rows += 1;
  });
  return sums
    .filter(({ rows }) => rows > 0)
    .map(({ p, y, rows }) => ({ predicted: p / rows, observed: y / rows, rows }));
}

function countScores(ranked: Ranked, label: 0 | 1): number[] {
  const counts = new Array<number>(SCORE_BINS).fill(0);
  ranked.probability.forEach((p, row) => {
    if (ranked.label[row] !== label) return;
    const bin = Math.min(SCORE_BINS - 1, Math.floor(p * SCORE_BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  });
  return counts;
}
