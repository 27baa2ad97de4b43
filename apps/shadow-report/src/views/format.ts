/** A share as people say it: `99.3 %`, `0.012 %`; a dash for none. No line ends before the unit. */
export function formatShare(share: number | undefined): string {
  if (share === undefined) {
    return "–";
  }
  const percent = 100 * share;
  // Cut, not rounded: 100 would say that there was no exception.
  return percent > 99 && percent < 100
    ? `${Math.floor(100 * percent) / 100}\u00a0%`
    : `${Number(percent.toPrecision(3))}\u00a0%`;
}

/** A probability or a difference of two, with three decimals and a proper minus. */
export function formatScore(score: number | undefined, { signed = false } = {}): string {
  if (score === undefined) {
    return "–";
  }
  const text = Math.abs(score).toFixed(3);
  const sign = Number(text) === 0 ? "" : score < 0 ? "−" : signed ? "+" : "";
  return sign + text;
}

/** A time in milliseconds, with as many digits as say something. */
export function formatMs(ms: number | undefined, { signed = false } = {}): string {
  if (ms === undefined) {
    return "–";
  }
  const text = String(Number(Math.abs(ms).toPrecision(2)));
  const sign = ms === 0 ? "" : ms < 0 ? "−" : signed ? "+" : "";
  return `${sign}${text}\u00a0ms`;
}
