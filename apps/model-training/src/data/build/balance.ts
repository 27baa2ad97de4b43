import { fraction, SALT } from "../hash.ts";
import { type Shape, shapeOf } from "./row.ts";
import type { Split } from "./site.ts";

/** Rows of a split by label and shape: counts[label][shape]. */
export type ShapeCounts = Readonly<Record<0 | 1, Record<Shape, number>>>;

export function createShapeCounts(): ShapeCounts {
  return { 0: { root: 0, path: 0, query: 0 }, 1: { root: 0, path: 0, query: 0 } };
}

/**
 * Decides which rows of a split are written. Phishing lists have more bare roots than others, so without
 * this the shape tells the label: legitimate rows of each shape are thinned to the number of phishing
 * rows of it (in the holdout whichever is more). By hash of the key, so the counts are near, not equal.
 * A split with one label only is left as it is.
 */
export function createBalance(
  split: Split,
  counts: ShapeCounts,
): (row: { readonly label: 0 | 1; readonly url: string; readonly key: string }) => boolean {
  const sum = (label: 0 | 1) => Object.values(counts[label]).reduce((a, b) => a + b, 0);
  if (sum(0) === 0 || sum(1) === 0) return () => true;
  return ({ label, url, key }) => {
    if (label === 1 && split !== "holdout") return true;
    const shape = shapeOf(url);
    const own = counts[label][shape];
    const other = counts[label === 1 ? 0 : 1][shape];
    return own <= other || fraction(key, SALT.balance) < other / own;
  };
}
