export type ModelKind = "linear" | "wide-bag";

/**
 * A trained model. Each of a URL's B bags of rows gives 1 + E numbers, s · Σ row(id) · columnScale with the scale s of
 * the URL, where row(id) is the linear weight table[id] and the E numbers of embedding ⌊id /
 * ROWS_PER_EMBEDDING⌋; beside each other they are z. h = relu(hiddenWeights · z + hiddenBias), and the logit is the sum
 * of the bags' linear weights + outputWeights · h + bias. The linear model has all rows in one bag, no
 * embedding and no hidden units.
 */
export interface Weights {
  readonly kind: ModelKind;
  /** Numbers of an embedding (E). */
  readonly embed: number;
  /** Bags (B): 1, or those of lib-ml. */
  readonly bags: number;
  /** Hidden units (H). */
  readonly hidden: number;
  /** ROWS + 1 linear weights; the last is zero. int8 after quantising, as `embeddings` then are. */
  readonly table: Float32Array | Int8Array;
  /** (EMBEDDINGS + 1) × E, row by row; the last row is zero. Empty where E is 0. */
  readonly embeddings: Float32Array | Int8Array;
  /** What a stored number stands for, of the linear weights and of each column of the embeddings: 1 for floats. Length 1 + E. */
  readonly columnScale: Float32Array;
  /** H × B · (1 + E), row by row. */
  readonly hiddenWeights: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly outputWeights: Float32Array;
  readonly bias: number;
}
