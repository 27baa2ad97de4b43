/**
 * Whether a name and units `[from, to)` of a text become one another by at most one slip: a letter left
 * out, added, replaced, or two neighbours swapped (optimal string alignment distance ≤ 1).
 */
export function isOneSlipAway(name: string, text: string, from = 0, to = text.length): boolean {
  const most = Math.max(name.length, to - from);
  const least = Math.min(name.length, to - from);
  if (most - least > 1) return false;
  let head = 0;
  while (head < least && name.charCodeAt(head) === text.charCodeAt(from + head)) head += 1;
  let tail = 0;
  while (
    tail < least - head &&
    codeFromEnd(name, name.length, tail) === codeFromEnd(text, to, tail)
  )
    tail += 1;
  const rest = most - head - tail;
  if (rest <= 1) return true;
  const isSwap =
    name.charCodeAt(head) === text.charCodeAt(from + head + 1) &&
    name.charCodeAt(head + 1) === text.charCodeAt(from + head);
  return most === least && rest === 2 && isSwap;
}

function codeFromEnd(text: string, end: number, tail: number): number {
  return text.charCodeAt(end - 1 - tail);
}

/** The text with each of its letters left out in turn: two texts one slip apart share one of these. */
export function listDeletions(text: string): readonly string[] {
  return Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1));
}
