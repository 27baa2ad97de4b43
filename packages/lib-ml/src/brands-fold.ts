// ASCII letters and digits that are taken for one another in most fonts: rn and m, vv and w, 0 and o,
// 1, l and i … (a part of the Unicode confusables, UTS #39, and of what look-alike studies list).
const PAIRS: readonly (readonly [string, string])[] = [
  ["rn", "m"],
  ["nn", "m"],
  ["vv", "w"],
  ["cl", "d"],
];

const SINGLES = "0o 1l il jl 2z 3e 4a 5s 6b 7t 8b 9g qg".split(" ");

/** The code that each ASCII code folds to; and, by the first code of a pair, its second and its letter. */
const FOLDED = Uint8Array.from({ length: 128 }, (_, code) => code);
for (const pair of SINGLES) FOLDED[pair.charCodeAt(0)] = pair.charCodeAt(1);
const SECOND = new Uint8Array(128);
const JOINED = new Uint8Array(128);
for (const [pair, letter] of PAIRS) {
  SECOND[pair.charCodeAt(0)] = pair.charCodeAt(1);
  JOINED[pair.charCodeAt(0)] = letter.charCodeAt(0);
}
const PRIME = 0x01000193;

/** Whether the units at `at` and `at + 1`, both before `end`, are taken for one letter. */
function isPair(text: string, at: number, end: number): boolean {
  const second = SECOND[text.charCodeAt(at)] ?? 0;
  return second !== 0 && at + 1 < end && text.charCodeAt(at + 1) === second;
}

/** One text for all that look alike: `paypa1`, `paypai` and `paypal` fold to the same. */
export function foldLooks(text: string): string {
  const codes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isPair(text, at, text.length)) {
      codes.push(JOINED[code] ?? code);
      at += 1;
    } else codes.push(FOLDED[code] ?? code);
  }
  return String.fromCharCode(...codes);
}

/** FNV-1a over what units `[from, end)` of a text fold to, without making that text. */
export function hashLooks(seed: number, text: string, from: number, end: number): number {
  let hash = seed;
  for (let at = from; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (isPair(text, at, end)) {
      hash = Math.imul(hash ^ (JOINED[code] ?? code), PRIME);
      at += 1;
    } else hash = Math.imul(hash ^ (FOLDED[code] ?? code), PRIME);
  }
  return hash;
}
