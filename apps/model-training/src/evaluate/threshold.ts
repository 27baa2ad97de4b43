import type { Scored } from "./scored.ts";

/** Thresholds are rounded up to this many digits: they are read by people and sit in JSON. */
const DIGITS = 6;

export interface ThresholdOptions {
  /** The share of legitimate rows that may be called phishing. */
  readonly targetFpr: number;
  /** A domain counts as at most this many rows, so that one large site does not set the threshold. */
  readonly rowsPerDomain: number;
}

/**
 * The lowest threshold (probability ≥ threshold is phishing) whose share of false alarms on these
 * rows is at most the target. A domain with more rows than allowed has each counted for less.
 */
export function chooseThreshold(scored: Scored, options: ThresholdOptions): number {
  const weights = capDomains(scored, options.rowsPerDomain);
  const rows = byProbability(scored, 0);
  const total = sumOf(rows, weights);
  if (total === 0) throw new RangeError("Cannot choose a threshold: there is no legitimate row");
  let alarms = 0;
  for (const group of groupsOfEqual(rows.reverse(), scored.probability)) {
    alarms += sumOf(group, weights);
    if (alarms > options.targetFpr * total + 1e-9) {
      // The first probability that is too many: the threshold lies just above it.
      return stepAbove(scored.probability[group[0] ?? 0] ?? 0);
    }
  }
  return 0;
}

export interface LowOptions {
  /** The share of phishing rows that may fall below. */
  readonly missRate: number;
  readonly rowsPerDomain: number;
}

/** The highest probability that leaves at most the given share of phishing below it. */
export function chooseLow(scored: Scored, options: LowOptions): number {
  const weights = capDomains(scored, options.rowsPerDomain);
  const rows = byProbability(scored, 1);
  const total = sumOf(rows, weights);
  if (total === 0) throw new RangeError("Cannot choose the unsure band: there is no phishing row");
  let missed = 0;
  for (const group of groupsOfEqual(rows, scored.probability)) {
    missed += sumOf(group, weights);
    if (missed > options.missRate * total + 1e-9) {
      return floorTo(scored.probability[group[0] ?? 0] ?? 0);
    }
  }
  return 0;
}

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** What the verdicts outside the band are worth: the share of rows they cover, the share right; 0 of none. */
export function measureBand(scored: Scored, band: Band): { coverage: number; accuracy: number } {
  let [sure, right] = [0, 0];
  for (let row = 0; row < scored.label.length; row += 1) {
    const p = scored.probability[row] ?? 0;
    if (p >= band.low && p < band.high) continue;
    sure += 1;
    if (p >= band.high === (scored.label[row] === 1)) right += 1;
  }
  return { coverage: sure / scored.label.length, accuracy: sure === 0 ? 0 : right / sure };
}

/** The share of alarms that are phishing when `baseRate` of all URLs is: π·TPR ÷ (π·TPR + (1−π)·FPR); 0 of none. */
export function precisionAt(baseRate: number, rates: { tpr: number; fpr: number }): number {
  const hits = baseRate * rates.tpr;
  return hits === 0 ? 0 : hits / (hits + (1 - baseRate) * rates.fpr);
}

/** A weight for each row: rows of a domain together count as at most `most`. */
function capDomains(scored: Scored, most: number): Float64Array {
  const sizes = [new Int32Array(scored.domains), new Int32Array(scored.domains)] as const;
  scored.domain.forEach((domain, row) => {
    const size = sizes[scored.label[row] === 1 ? 1 : 0];
    size[domain] = (size[domain] ?? 0) + 1;
  });
  return Float64Array.from(scored.domain, (domain, row) => {
    const size = sizes[scored.label[row] === 1 ? 1 : 0][domain] ?? 1;
    return Math.min(1, most / size);
  });
}

/** The rows of one label, in rising order of probability. */
function byProbability(scored: Scored, label: 0 | 1): number[] {
  const rows: number[] = [];
  scored.label.forEach((value, row) => {
    if (value === label) rows.push(row);
  });
  return rows.sort((a, b) => (scored.probability[a] ?? 0) - (scored.probability[b] ?? 0));
}

function* groupsOfEqual(rows: readonly number[], probability: Float64Array): Generator<number[]> {
  let group: number[] = [];
  for (const row of rows) {
    const first = group[0];
    if (first !== undefined && probability[first] !== probability[row]) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length > 0) yield group;
}

function sumOf(rows: readonly number[], weights: Float64Array): number {
  return rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0);
}

/** The next number of `DIGITS` digits that is greater than p. */
function stepAbove(p: number): number {
  const step = (Math.floor(p * 10 ** DIGITS) + 1) / 10 ** DIGITS;
  return Number(step.toFixed(DIGITS));
}

function floorTo(p: number): number {
  return Number((Math.floor(p * 10 ** DIGITS) / 10 ** DIGITS).toFixed(DIGITS));
}
