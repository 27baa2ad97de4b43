/** Name of the feature contract; raised when `testdata/vectors.json` changes after a release. */
export const CONTRACT = "lib-ml/1";

/** Rows of the hashed table; row `ROWS` itself is the zero row that pads a batch. */
export const ROWS = 2 ** 19;

/**
 * The first rows belong to the lexical one-hots, one row each, so that no n-gram can collide with
 * them; everything else is hashed to `[RESERVED, ROWS)`.
 */
export const RESERVED = 1024;
