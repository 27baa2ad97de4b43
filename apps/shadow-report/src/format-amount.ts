/** A count with its thousands apart: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-GB");
}

/** A count with what is counted, of which one has no s: `1 URL`, `1,234 URLs`. */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
