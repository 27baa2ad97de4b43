import type { Bag, Model, Scores } from "./model.ts";

/** The most URLs of one run: above this the table's rows leave the cache and nothing is gained. */
export const MOST_BAGS = 32;

/**
 * The most rows of one run, which blocks the event loop: so it stays below a millisecond. Sums of int8
 * rows are exact far beyond it (float32 to 2^24 / 127 rows, int32 to 2^31 / 127), which is why a
 * score does not depend on the batch around it.
 */
export const MOST_ROWS = 32_768;

/** How many of the bags from `from` on one run takes: at least one, at most what both limits allow. */
export function countRun(bags: readonly Bag[], from: number, mostBags = MOST_BAGS): number {
  let rows = 0;
  let count = 0;
  while (from + count < bags.length && count < mostBags) {
    rows += bags[from + count]?.ids.length ?? 0;
    if (count > 0 && rows > MOST_ROWS) {
      break;
    }
    count++;
  }
  return count;
}

/**
 * Scores any number of bags by one model, in runs that are each bounded in rows.
 *
 * All runs are begun before the first ends, so that the model cannot be released between them;
 * each waits for its own turn of the event loop, so that other requests are answered in between.
 */
export async function runBags(
  model: Model,
  bags: readonly Bag[],
  mostBags: number,
): Promise<Scores> {
  const runs: Promise<Scores>[] = [];
  for (let from = 0; from < bags.length; ) {
    const count = countRun(bags, from, mostBags);
    runs.push(model.run(bags.slice(from, from + count)));
    from += count;
  }
  const probability = new Float32Array(bags.length);
  const logit = new Float32Array(bags.length);
  let at = 0;
  for (const scores of await Promise.all(runs)) {
    probability.set(scores.probability, at);
    logit.set(scores.logit, at);
    at += scores.logit.length;
  }
  return { probability, logit };
}
