export type ModelKind = "linear" | "wide-bag";

/**
 * A trained model. A URL with rows `ids` and scale s gives z = s · Σ row(id) · columnScale, where row(id) is the
 * linear weight table[id] and the E numbers of embedding ⌊id / ROWS_PER_EMBEDDING⌋; h = relu(hiddenWeights · z
 * + hiddenBias), and the logit z[0] + outputWeights · h + bias. The linear model is the same with no
 * embedding and no hidden units.
 */
export interface Weights {
  readonly kind: ModelKind;
  /** Numbers of an embedding (E). */
  readonly embed: number;
  /** Hidden units (H). */
  readonly hidden: number;
  /** ROWS + 1 linear weights; the last is zero. int8 after quantising, as `embeddings` then are. */
  readonly table: Float32Array | Int8Array;
  /** (EMBEDDINGS + 1) × E, row by row; the last row is zero. Empty where E is 0. */
  readonly embeddings: Float32Array | Int8Array;
  /** What a stored number stands for, of the linear weights and of each column of the embeddings: 1 for floats. Length 1 + E. */
  readonly columnScale: Float32Array;
  /** H × (1 + E), row by row. */
  readonly hiddenWeights: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly outputWeights: Float32Array;
  readonly bias: number;
}
