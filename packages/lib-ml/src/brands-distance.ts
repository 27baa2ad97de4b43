/**
 * Whether one text becomes the other by at most one slip: a letter left out, added, replaced, or two
 * neighbours swapped (optimal string alignment distance ≤ 1).
 */
export function isOneSlipAway(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  const least = short.length;
  let head = 0;
  while (head < least && short.charCodeAt(head) === long.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < least - head && codeFromEnd(short, tail) === codeFromEnd(long, tail)) tail += 1;
  const [restShort, restLong] = [short.length - head - tail, long.length - head - tail];
  if (restLong <= 1) return true;
  const isSwap = short[head] === long[head + 1] && short[head + 1] === long[head];
  return restShort === 2 && restLong === 2 && isSwap;
}

function codeFromEnd(text: string, tail: number): number {
  return text.charCodeAt(text.length - 1 - tail);
}

/** The text with each of its letters left out in turn: two texts one slip apart share one of these. */
export function listDeletions(text: string): readonly string[] {
  return Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1));
}
