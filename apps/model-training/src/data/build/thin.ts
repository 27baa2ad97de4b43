import { fraction, hash, SALT } from "../hash.ts";

const SLOTS = 2 ** 20;
/** Many times what any site may have in the end, so that duplicates do not matter. */
export const MAX_ROWS_OF_SITE = 4000;

/** Counts the rows of each site, and lets only some of a site with very many through. */
export interface Thinner {
  count(domain: string): void;
  /** Whether a row takes part, when all are counted. */
  takes(domain: string, key: string): boolean;
}

/**
 * Some sites have hundreds of thousands of rows, which would all have to be in memory at once. Of a site
 * with more than 4,000 rows a share of about 4,000 takes part, chosen by hash of the key, so that equal
 * rows stay together and the order of the input does not matter. Counted in 2^20 slots by hash (4 MiB).
 */
export function createThinner(): Thinner {
  const counts = new Uint32Array(SLOTS);
  const slot = (domain: string) => hash(domain, SALT.thin) % SLOTS;
  return {
    count(domain) {
      const at = slot(domain);
      counts[at] = (counts[at] ?? 0) + 1;
    },
    takes(domain, key) {
      const count = counts[slot(domain)] ?? 0;
      return count <= MAX_ROWS_OF_SITE || fraction(key, SALT.thin) < MAX_ROWS_OF_SITE / count;
    },
  };
}
