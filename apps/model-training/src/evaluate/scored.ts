/** Rows with what the model said of them, as columns of one length. */
export interface Scored {
  /** Calibrated probability of phishing, in [0, 1]. */
  readonly probability: Float64Array;
  /** 1 phishing, 0 legitimate. */
  readonly label: Uint8Array;
  /** The row's registrable domain, as a number below `domains`. */
  readonly domain: Int32Array;
  readonly domains: number;
}

/** The columns in falling order of probability, with what each row adds to the sums. */
export interface Ranked extends Scored {
  /** −ln of the probability given to the true label. */
  readonly loss: Float64Array;
  /** Squared distance of probability and label. */
  readonly square: Float64Array;
  /** Which of the `CALIBRATION_BINS` equal steps of probability the row falls in. */
  readonly bin: Uint8Array;
}

export const CALIBRATION_BINS = 15;

/** Probabilities are kept this far from 0 and 1 in the log loss, where one row could be infinite. */
const CLIP = 1e-7;

/** −ln of the probability given to the true label. */
function lossOf(probability: number, label: number): number {
  const clipped = Math.min(1 - CLIP, Math.max(CLIP, probability));
  return -Math.log(label === 1 ? clipped : 1 - clipped);
}

/** The mean log loss in nats, each row counting once. */
export function meanLogLoss({ probability, label }: Scored): number {
  const losses = probability.map((p, row) => lossOf(p, label[row] ?? 0));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Sorts once, so that metrics under any weights are one pass. Does not change its input. */
export function rank(scored: Scored): Ranked {
  const rows = scored.label.length;
  const order = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) order[row] = row;
  const given = scored.probability;
  order.sort((a, b) => (given[b] ?? 0) - (given[a] ?? 0) || a - b);
  const probability = new Float64Array(rows);
  const label = new Uint8Array(rows);
  const domain = new Int32Array(rows);
  const loss = new Float64Array(rows);
  const square = new Float64Array(rows);
  const bin = new Uint8Array(rows);
  for (let place = 0; place < rows; place += 1) {
    const row = order[place] ?? 0;
    const p = given[row] ?? 0;
    const y = scored.label[row] ?? 0;
    probability[place] = p;
    label[place] = y;
    domain[place] = scored.domain[row] ?? 0;
    loss[place] = lossOf(p, y);
    square[place] = (p - y) ** 2;
    bin[place] = Math.min(CALIBRATION_BINS - 1, Math.floor(p * CALIBRATION_BINS));
  }
  return { probability, label, domain, domains: scored.domains, loss, square, bin };
}

/** Gives each distinct text a number, in order of first sight. */
export function numberTexts(texts: readonly string[]): { codes: Int32Array; count: number } {
  const known = new Map<string, number>();
  const codes = Int32Array.from(texts, (text) => {
    const code = known.get(text) ?? known.size;
    known.set(text, code);
    return code;
  });
  return { codes, count: known.size };
}
