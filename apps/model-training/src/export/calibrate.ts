import { sigmoid } from "../learn/learner.ts";

/** What turns a logit into a calibrated one: a · logit + b. */
export interface Calibration {
  readonly a: number;
  readonly b: number;
}

const MOST_STEPS = 50;

/**
 * Platt's calibration: the a and b that make sigmoid(a · logit + b) fit the labels best, by Newton's
 * method, with Platt's soft targets (Lin, Lin, Weng, Machine Learning 68, 2007) so that separable labels do not drive a to infinity.
 */
export function calibrate(logits: Float64Array, labels: Uint8Array): Calibration {
  let positives = 0;
  for (const label of labels) positives += label;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  let a = 1;
  let b = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    // Gradient and (slightly ridged) Hessian of the log loss in a and b.
    let ga = 0;
    let gb = 0;
    let haa = 1e-9;
    let hab = 0;
    let hbb = 1e-9;
    for (let i = 0; i < logits.length; i += 1) {
      const x = logits[i] ?? 0;
      const p = sigmoid(a * x + b);
      const error = p - (labels[i] === 1 ? high : low);
      const bend = p * (1 - p);
      ga += error * x;
      gb += error;
      haa += bend * x * x;
      hab += bend * x;
      hbb += bend;
    }
    const determinant = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    a -= da;
    b -= db;
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  return { a, b };
}
