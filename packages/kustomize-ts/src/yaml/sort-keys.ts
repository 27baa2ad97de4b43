const LETTER = /\p{L}/u;
const DIGIT = /\p{Nd}/u;

function isLetter(point: number): boolean {
  if (point < 0x80) return (point > 0x60 && point < 0x7b) || (point > 0x40 && point < 0x5b);
  return LETTER.test(String.fromCodePoint(point));
}

function isDigit(point: number): boolean {
  if (point < 0x80) return point > 0x2f && point < 0x3a;
  return DIGIT.test(String.fromCodePoint(point));
}

/**
 * The order of the keys of a map (go-yaml v2 sorter.go): letters by code point, other characters
 * before letters, runs of digits by their number.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return compareFrom(a, b, i);
  }
  return a.length - b.length;
}

function compareFrom(a: string, b: string, index: number): number {
  const x = a.codePointAt(index) ?? 0;
  const y = b.codePointAt(index) ?? 0;
  const xLetter = isLetter(x);
  const yLetter = isLetter(y);
  if (xLetter && yLetter) return x - y;
  if (xLetter || yLetter) return yLetter ? -1 : 1;
  return compareDigits(a, b, index) || x - y;
}

/** Compares the numbers that stand here; a run that began before with a digit counts as a 1 ahead. */
function compareDigits(a: string, b: string, index: number): number {
  const lead = startsInNumber(a, b, index) ? 1n : 0n;
  const left = readNumber(a, index, lead);
  const right = readNumber(b, index, lead);
  if (left.value !== right.value) return left.value < right.value ? -1 : 1;
  return left.end - right.end;
}

function startsInNumber(a: string, b: string, index: number): boolean {
  if (a.charAt(index) !== "0" && b.charAt(index) !== "0") return false;
  for (let i = index - 1; i >= 0 && isDigit(a.charCodeAt(i)); i--) {
    if (a.charAt(i) !== "0") return true;
  }
  return false;
}

function readNumber(text: string, from: number, lead: bigint): { value: bigint; end: number } {
  let end = from;
  let value = lead;
  while (end < text.length && isDigit(text.charCodeAt(end))) {
    // Go adds to an int64, which wraps around.
    value = BigInt.asIntN(64, value * 10n + BigInt(text.charCodeAt(end) - 0x30));
    end++;
  }
  return { value, end };
}
