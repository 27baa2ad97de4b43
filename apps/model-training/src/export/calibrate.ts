import { logLoss, sigmoid } from "../learn/learner.ts";

/** What turns a logit into a calibrated one: a · logit + b. */
export interface Calibration {
  readonly a: number;
  readonly b: number;
}

const MOST_STEPS = 50;
const MOST_HALVINGS = 80;
/** How much of what the slope promises a step must bring (Armijo), and what rounding may hide of it. */
const LEAST_GAIN = 1e-4;
const ROUNDING = 1e-10;

/**
 * Platt's calibration: the a and b that make sigmoid(a · logit + b) fit the labels best, by Newton's
 * method, with Platt's soft targets (Lin, Lin, Weng, Machine Learning 68, 2007) so that separable labels do not drive a to
 * infinity. A step that goes too far is halved, as theirs is: where the model is sure of nearly every row the loss hardly
 * bends, and whole steps would end anywhere.
 */
export function calibrate(logits: Float64Array, labels: Uint8Array): Calibration {
  const targets = softenLabels(labels);
  let at: Calibration = { a: 1, b: 0 };
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { da, db, slope } = findStep(logits, targets, at);
    const before = sumLoss(logits, targets, at);
    let share = 1;
    let next: Calibration = { a: at.a - da, b: at.b - db };
    for (let halvings = 0; halvings < MOST_HALVINGS; halvings += 1) {
      const most = before * (1 + ROUNDING) - LEAST_GAIN * share * slope;
      if (sumLoss(logits, targets, next) <= most) break;
      share /= 2;
      next = { a: at.a - share * da, b: at.b - share * db };
    }
    at = next;
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  return at;
}

/** What the probability of each row is to be: short of 0 and 1 by as much as so few rows leave open. */
function softenLabels(labels: Uint8Array): Float64Array {
  let positives = 0;
  for (const label of labels) positives += label;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  return Float64Array.from(labels, (label) => (label === 1 ? high : low));
}

function sumLoss(logits: Float64Array, targets: Float64Array, { a, b }: Calibration): number {
  let loss = 0;
  for (let i = 0; i < logits.length; i += 1) {
    loss += logLoss(a * (logits[i] ?? 0) + b, targets[i] ?? 0);
  }
  return loss;
}

/** Newton's step, to be taken away, and how steeply the loss falls along it. */
function findStep(logits: Float64Array, targets: Float64Array, { a, b }: Calibration) {
  // Gradient and (slightly ridged) Hessian of the log loss in a and b.
  let ga = 0;
  let gb = 0;
  let haa = 1e-9;
  let hab = 0;
  let hbb = 1e-9;
  for (let i = 0; i < logits.length; i += 1) {
    const x = logits[i] ?? 0;
    const p = sigmoid(a * x + b);
    const error = p - (targets[i] ?? 0);
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
  return { da, db, slope: ga * da + gb * db };
}
