/** A count with what is counted, of which one has no s: "1 request", "1,234 requests". */
export function formatAmount(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A count with a comma at each thousand. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-GB");
}
