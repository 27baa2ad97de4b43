/** Name of the feature contract; raised when `testdata/vectors.json` changes after a release. */
export const CONTRACT = "lib-ml/3";

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

/**
 * What the rows of a URL are divided into, in this order: of the host, the grams that begin in its
 * subdomains, in the registered label, in the suffix, then the words of subdomains and of the rest, then
 * its names; grams of the path, its words and names; grams of the query, its words and names; and the
 * measures. A model that sums each alone can tell a word of the host from one of the path.
 */
export const BAGS = 11;
