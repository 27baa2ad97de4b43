/** Name of the feature contract; raised when `testdata/vectors.json` changes after a release. */
export const CONTRACT = "lib-ml/2";

/** Rows of the hashed table of linear weights; row `ROWS` itself is the zero row that pads a batch. */
export const ROWS = 2 ** 21;

/**
 * So many rows beside each other share one embedding. A model of 2^21 linear weights is 0.2 points more
 * often right than one of 2^19, for fewer features collide; its embeddings, eight times as large,
 * gain nothing from more than 2^18.
 */
export const ROWS_PER_EMBEDDING = 8;

/** Rows of the table of embeddings; row `EMBEDDINGS` is its zero row. */
export const EMBEDDINGS = ROWS / ROWS_PER_EMBEDDING;

/**
 * The first rows belong to the lexical one-hots, each with an embedding of its own, so that no
 * n-gram can collide with them; everything else is hashed to `[RESERVED, ROWS)`.
 */
export const RESERVED = 1024 * ROWS_PER_EMBEDDING;
