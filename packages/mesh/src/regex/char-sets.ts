import type { CharSet } from "./syntax.ts";

export type Range = readonly [first: number, last: number];

const LAST = 0x10ffff;
const DIGIT: readonly Range[] = [[0x30, 0x39]];
const UPPER: Range = [0x41, 0x5a];
const LOWER: Range = [0x61, 0x7a];
const WORD: readonly Range[] = [...DIGIT, UPPER, [0x5f, 0x5f], LOWER];
// RE2's \s has no vertical tab.
const SPACE: readonly Range[] = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];

/** \d \s \w and their opposites: ASCII in RE2. */
export function readPerlClass(letter: string): readonly Range[] | undefined {
  const positive = { d: DIGIT, s: SPACE, w: WORD }[letter.toLowerCase()];
  if (positive === undefined) return undefined;
  return letter === letter.toLowerCase() ? positive : complement(positive);
}

const POSIX: ReadonlyMap<string, readonly Range[]> = new Map([
  ["alnum", [...DIGIT, UPPER, LOWER]],
  ["alpha", [UPPER, LOWER]],
  ["ascii", [[0, 0x7f]]],
  [
    "blank",
    [
      [0x09, 0x09],
      [0x20, 0x20],
    ],
  ],
  [
    "cntrl",
    [
      [0, 0x1f],
      [0x7f, 0x7f],
    ],
  ],
  ["digit", DIGIT],
  ["graph", [[0x21, 0x7e]]],
  ["lower", [LOWER]],
  ["print", [[0x20, 0x7e]]],
  [
    "punct",
    [
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
    ],
  ],
  [
    "space",
    [
      [0x09, 0x0d],
      [0x20, 0x20],
    ],
  ],
  ["upper", [UPPER]],
  ["word", WORD],
  ["xdigit", [...DIGIT, [0x41, 0x46], [0x61, 0x66]]],
]);

/** [:alpha:] and [:^alpha:], by the name with its "^". */
export function readPosixClass(name: string): readonly Range[] | undefined {
  if (!name.startsWith("^")) return POSIX.get(name);
  const ranges = POSIX.get(name.slice(1));
  return ranges && complement(ranges);
}

/** Every code point that is in none of the ranges. */
export function complement(ranges: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const [first, last] of ranges.toSorted(([one], [other]) => one - other)) {
    if (first > next) gaps.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= LAST) gaps.push([next, LAST]);
  return gaps;
}

/** The ranges with the other case of each letter: RE2's (?i). */
export function foldCase(ranges: readonly Range[]): Range[] {
  const folded: Range[] = [...ranges];
  for (const [first, last] of ranges) {
    for (let code = Math.max(first, 0x41); code <= Math.min(last, 0x7a); code += 1) {
      if (code >= 0x5b && code <= 0x60) continue;
      folded.push([code ^ 0x20, code ^ 0x20]);
      // The two letters outside ASCII that fold into it: Kelvin's sign and the long s.
      if ((code | 0x20) === 0x6b) folded.push([0x212a, 0x212a]);
      if ((code | 0x20) === 0x73) folded.push([0x17f, 0x17f]);
    }
    if (first === 0x212a && last === first) folded.push([0x4b, 0x4b], [0x6b, 0x6b]);
    if (first === 0x17f && last === first) folded.push([0x53, 0x53], [0x73, 0x73]);
    if (first === last && first > 0x7f) folded.push(...otherCases(first));
  }
  return folded;
}

function otherCases(code: number): Range[] {
  const text = String.fromCodePoint(code);
  return [text.toLowerCase(), text.toUpperCase()].flatMap((other): Range[] => {
    const [only, ...more] = other;
    const found = only?.codePointAt(0);
    return found === undefined || more.length > 0 ? [] : [[found, found]];
  });
}

/** A set of these ranges of code points, which may overlap. */
export function buildSet(ranges: readonly Range[]): CharSet {
  const merged = complement(complement(ranges));
  const point = (code: number) => `\\u{${code.toString(16)}}`;
  return {
    has: (code) => merged.some(([first, last]) => code >= first && code <= last),
    source: `[${merged.map(([first, last]) => `${point(first)}-${point(last)}`).join("")}]`,
  };
}

/** \pL, \p{Greek} and their opposites; undefined for a name that Unicode has not. */
export function readUnicodeClass(name: string, negated: boolean): CharSet | undefined {
  const letter = negated ? "P" : "p";
  for (const property of [`gc=${name}`, `sc=${name}`]) {
    try {
      const regex = new RegExp(`^\\${letter}{${property}}$`, "u");
      return {
        has: (code) => regex.test(String.fromCodePoint(code)),
        source: `\\${letter}{${property}}`,
      };
    } catch {
      // Not of this kind; the next is tried, and no kind is told by undefined.
    }
  }
  return undefined;
}

/** Either of two sets, or neither. */
export function uniteSets(sets: readonly CharSet[], negated: boolean): CharSet {
  const source = `(?:${sets.map((one) => one.source).join("|")})`;
  return {
    has: (code) => sets.some((one) => one.has(code)) !== negated,
    source: negated ? `(?:(?!${source})[^])` : source,
  };
}
