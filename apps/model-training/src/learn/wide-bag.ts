import { ROWS } from "@hookline/lib-ml";
import { type Example, type Learner, logLoss, sigmoid } from "./learner.ts";
import { createRandom } from "./random.ts";

const EMBED = 8;
const HIDDEN = 32;
const WIDTH = 1 + EMBED;
// A row of the training table: linear weight, embedding, and a sum of squared gradients for either.
const STRIDE = WIDTH + 2;
const WIDE_RATE = 0.4;
const EMBED_RATE = 0.2;
const DENSE_RATE = 0.05;
const BIAS_RATE = 0.08;
// Small for rows, so that one seen for the first time takes a long step.
const ROW_SQUARE = 0.0005;
const DENSE_SQUARE = 0.01;
// What the network adds counts half: it fits the sources it has seen more closely than the linear part
// does. Chosen on sources left out of training.
const NETWORK_SHARE = 0.5;

/** The layers behind the bag and their AdaGrad sums. */
function createDense(seed: number) {
  const random = createRandom(seed);
  const spread = Math.sqrt(6 / (WIDTH + HIDDEN));
  const outSpread = Math.sqrt(6 / (HIDDEN + 1));
  const draw = (size: number, width: number) =>
    Float32Array.from({ length: size }, () => (2 * random() - 1) * width);
  return {
    hiddenWeights: draw(HIDDEN * WIDTH, spread),
    hiddenSquares: new Float32Array(HIDDEN * WIDTH).fill(DENSE_SQUARE),
    hiddenBias: new Float32Array(HIDDEN),
    biasSquares: new Float32Array(HIDDEN).fill(DENSE_SQUARE),
    outputWeights: draw(HIDDEN, outSpread),
    outputSquares: new Float32Array(HIDDEN).fill(DENSE_SQUARE),
  };
}

/**
 * The linear model plus an embedding bag and a small network over it ("wide & deep", Cheng et al.
 * 2016). The linear part learns from its own loss in every pass, as createLinear() does; the network
 * learns from the loss of the sum, in the first pass only, while what the linear part leaves over is that
 * of rows it has not seen. Embeddings have a rate for each row, all else for each number. Embeddings start
 * at zero, so that a row never seen adds nothing.
 */
export function createWideBag(seed: number): Learner {
  const rows = new Float32Array(STRIDE * ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    rows[row * STRIDE + WIDTH] = ROW_SQUARE;
    rows[row * STRIDE + WIDTH + 1] = ROW_SQUARE;
  }
  const dense = createDense(seed);
  const { hiddenWeights, hiddenSquares, hiddenBias, biasSquares, outputWeights, outputSquares } =
    dense;
  const z = new Float64Array(WIDTH);
  const back = new Float64Array(WIDTH);
  const active = new Float64Array(HIDDEN);
  let bias = 0;
  let biasSquare = DENSE_SQUARE;
  let networkBias = 0;
  let networkBiasSquare = DENSE_SQUARE;

  const sumRows = (ids: Int32Array, scale: number): void => {
    let z0 = 0;
    let z1 = 0;
    let z2 = 0;
    let z3 = 0;
    let z4 = 0;
    let z5 = 0;
    let z6 = 0;
    let z7 = 0;
    let z8 = 0;
    for (let i = 0; i < ids.length; i += 1) {
      const at = (ids[i] ?? 0) * STRIDE;
      z0 += rows[at] ?? 0;
      z1 += rows[at + 1] ?? 0;
      z2 += rows[at + 2] ?? 0;
      z3 += rows[at + 3] ?? 0;
      z4 += rows[at + 4] ?? 0;
      z5 += rows[at + 5] ?? 0;
      z6 += rows[at + 6] ?? 0;
      z7 += rows[at + 7] ?? 0;
      z8 += rows[at + 8] ?? 0;
    }
    z[0] = z0 * scale;
    z[1] = z1 * scale;
    z[2] = z2 * scale;
    z[3] = z3 * scale;
    z[4] = z4 * scale;
    z[5] = z5 * scale;
    z[6] = z6 * scale;
    z[7] = z7 * scale;
    z[8] = z8 * scale;
  };

  /** What the network adds to the linear logit. */
  const forward = (): number => {
    let logit = networkBias;
    for (let h = 0; h < HIDDEN; h += 1) {
      let sum = hiddenBias[h] ?? 0;
      for (let c = 0; c < WIDTH; c += 1) sum += (hiddenWeights[h * WIDTH + c] ?? 0) * (z[c] ?? 0);
      active[h] = Math.max(sum, 0);
      if (sum > 0) logit += sum * (outputWeights[h] ?? 0);
    }
    return logit;
  };

  /** Moves the layers and leaves the gradient of z in `back`. */
  const stepDense = (error: number, step: number): void => {
    back.fill(0);
    for (let h = 0; h < HIDDEN; h += 1) {
      const on = active[h] ?? 0;
      if (on <= 0) continue;
      const out = outputWeights[h] ?? 0;
      const delta = error * out;
      const gradient = error * on;
      const squares = (outputSquares[h] ?? 0) + gradient * gradient;
      outputSquares[h] = squares;
      outputWeights[h] = out - (step * gradient) / Math.sqrt(squares);
      const biasTotal = (biasSquares[h] ?? 0) + delta * delta;
      biasSquares[h] = biasTotal;
      hiddenBias[h] = (hiddenBias[h] ?? 0) - (step * delta) / Math.sqrt(biasTotal);
      for (let c = 0; c < WIDTH; c += 1) {
        const at = h * WIDTH + c;
        const weight = hiddenWeights[at] ?? 0;
        back[c] = (back[c] ?? 0) + delta * weight;
        const g = delta * (z[c] ?? 0);
        const total = (hiddenSquares[at] ?? 0) + g * g;
        hiddenSquares[at] = total;
        hiddenWeights[at] = weight - (step * g) / Math.sqrt(total);
      }
    }
    networkBiasSquare += error * error;
    networkBias -= (BIAS_RATE * error) / Math.sqrt(networkBiasSquare);
  };

  const stepWide = (ids: Int32Array, gradient: number, rate: number): void => {
    const square = gradient * gradient;
    const step = WIDE_RATE * rate * gradient;
    for (let i = 0; i < ids.length; i += 1) {
      const at = (ids[i] ?? 0) * STRIDE;
      const total = (rows[at + WIDTH] ?? 0) + square;
      rows[at + WIDTH] = total;
      rows[at] = (rows[at] ?? 0) - step / Math.sqrt(total);
    }
  };

  const stepEmbeddings = (ids: Int32Array, scale: number): void => {
    let squareSum = 0;
    for (let c = 1; c < WIDTH; c += 1) squareSum += ((back[c] ?? 0) * scale) ** 2;
    const embedSquare = squareSum / EMBED;
    const embedStep = EMBED_RATE * scale;
    for (let i = 0; i < ids.length; i += 1) {
      const at = (ids[i] ?? 0) * STRIDE;
      const total = (rows[at + WIDTH + 1] ?? 0) + embedSquare;
      rows[at + WIDTH + 1] = total;
      const step = embedStep / Math.sqrt(total);
      for (let c = 1; c < WIDTH; c += 1) rows[at + c] = (rows[at + c] ?? 0) - step * (back[c] ?? 0);
    }
  };

  const learn = ({ features, label, importance }: Example, rate: number): number => {
    const { ids, scale } = features;
    sumRows(ids, scale);
    const wideLogit = (z[0] ?? 0) + bias;
    const logit = wideLogit + forward();
    if (rate === 1) {
      stepDense((sigmoid(logit) - label) * importance, DENSE_RATE);
      stepEmbeddings(ids, scale);
    }
    const error = (sigmoid(wideLogit) - label) * importance;
    stepWide(ids, error * scale, rate);
    biasSquare += error * error;
    bias -= (BIAS_RATE * rate * error) / Math.sqrt(biasSquare);
    return logLoss(logit, label);
  };

  const weights = () => {
    const table = new Float32Array((ROWS + 1) * WIDTH);
    for (let row = 0; row < ROWS; row += 1) {
      table.set(rows.subarray(row * STRIDE, row * STRIDE + WIDTH), row * WIDTH);
    }
    return {
      kind: "wide-bag" as const,
      embed: EMBED,
      hidden: HIDDEN,
      table,
      columnScale: new Float32Array(WIDTH).fill(1),
      hiddenWeights: hiddenWeights.slice(),
      hiddenBias: hiddenBias.slice(),
      outputWeights: outputWeights.map((weight) => weight * NETWORK_SHARE),
      bias: bias + networkBias * NETWORK_SHARE,
    };
  };
  return { learn, weights };
}
