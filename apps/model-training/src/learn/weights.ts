export type ModelKind = "linear" | "wide-bag";

/**
 * A trained model. A URL with rows `ids` and scale s gives z = s · Σ table[id] · columnScale (1 + embed
 * numbers, the first being the linear part), h = relu(hiddenWeights · z + hiddenBias), and the logit
 * z[0] + outputWeights · h + bias. The linear model is the same with no embedding and no hidden units.
 */
export interface Weights {
  readonly kind: ModelKind;
  /** Numbers of a row beyond the linear one (E). */
  readonly embed: number;
  /** Hidden units (H). */
  readonly hidden: number;
  /** (ROWS + 1) × (1 + E), row by row; the last row is zero. int8 after quantising. */
  readonly table: Float32Array | Int8Array;
  /** What a stored number of each column stands for: 1 for floats. Length 1 + E. */
  readonly columnScale: Float32Array;
  /** H × (1 + E), row by row. */
  readonly hiddenWeights: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly outputWeights: Float32Array;
  readonly bias: number;
}
