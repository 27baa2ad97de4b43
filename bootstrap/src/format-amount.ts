/** A count with what is counted, of which one has no s: `1 resource`, `42 resources`. */
export function formatAmount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
