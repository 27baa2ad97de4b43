const GROUPS = [100, 1_000, 10_000] as const;

/** A share as people count it: `of` things, `about` so many; the smallest group that shows it. */
export interface NaturalFrequency {
  readonly about: "about" | "fewer than" | "more than";
  readonly count: number;
  readonly of: number;
}

/**
 * Turns a share from 0 to 1 into "about 3 of 1,000".
 *
 * Whole numbers in a group are understood better than percentages of percentages (Gigerenzer and
 * Hoffrage, Psychological Review 102, 1995).
 */
export function toNaturalFrequency(share: number): NaturalFrequency {
  for (const of of GROUPS) {
    const count = Math.round(share * of);
    if (count >= 1 && count <= of - 1) return { about: "about", count, of };
  }
  return share < 0.5
    ? { about: "fewer than", count: 1, of: 10_000 }
    : { about: "more than", count: 9_999, of: 10_000 };
}

/** A share from 0 to 1 in per cent, never a bare 0 or 100; if `decimals` are not told, with one only near the ends. */
export function formatPercent(share: number, decimals?: number): string {
  if (share < 0.001) return "less than 0.1%";
  if (share > 0.999) return "more than 99.9%";
  const isNearEnd = share < 0.0995 || share >= 0.9895;
  return `${(share * 100).toFixed(decimals ?? (isNearEnd ? 1 : 0))}%`;
}

/**
 * How to write shares that are compared: with the fewest decimals that tell them apart. A score of "80%" is not
 * unsure where phishing begins at "80%".
 */
export function formatApart(shares: readonly number[]): (share: number) => string {
  const values = [...new Set(shares)];
  const decimals = [undefined, 1, 2, 3].find((count) => {
    const texts = values.map((share) => formatPercent(share, count));
    return new Set(texts).size === values.length;
  });
  return (share) => formatPercent(share, decimals);
}
