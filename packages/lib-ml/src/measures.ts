/** Values of a one-hot measure: 0 to 15, larger ones counted as 15. */
export const BUCKETS = 16;

// Buckets grow by half a doubling: 0, 1, 2, 3, 4, 5–6, 7, 8–10, …
const TABLE = Uint8Array.from({ length: 256 }, (_, n) =>
  Math.min(Math.round(2 * Math.log2(n + 1)), BUCKETS - 1),
);

/** The bucket of a length or count. */
export function bucketOf(n: number): number {
  return TABLE[n] ?? BUCKETS - 1;
}

/** How many of the first `end` units of a text have a code in `[low, high]`. */
export function countBetween(text: string, low: number, high: number, end = text.length): number {
  let n = 0;
  for (let i = 0; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= low && code <= high) n += 1;
  }
  return n;
}

/** What the registered label of a host is made of. */
export interface LabelMeasures {
  digits: number;
  hyphens: number;
  letters: number;
  vowels: number;
  /** Longest runs. */
  consonants: number;
  digitRun: number;
  /** Shannon entropy of its characters, in bits. */
  entropy: number;
}

const counts = new Uint8Array(128);
// share · log2(share) of `count` in `length`, at length · WIDEST + count; NaN: not computed yet.
const WIDEST = 64;
const SHARE_BITS = new Float64Array(WIDEST * WIDEST).fill(Number.NaN);

/** A share times its logarithm; those of short labels, nearly all, are computed once. */
function shareBits(count: number, length: number): number {
  if (length >= WIDEST) return (count / length) * Math.log2(count / length);
  const at = length * WIDEST + count;
  const known = SHARE_BITS[at] ?? Number.NaN;
  if (!Number.isNaN(known)) return known;
  const bits = (count / length) * Math.log2(count / length);
  SHARE_BITS[at] = bits;
  return bits;
}

function isVowel(code: number): boolean {
  return code === 0x61 || code === 0x65 || code === 0x69 || code === 0x6f || code === 0x75;
}

/** Measures units `[from, to)` of a host. */
export function measureLabel(host: string, from: number, to: number): LabelMeasures {
  const label = {
    digits: 0,
    hyphens: 0,
    letters: 0,
    vowels: 0,
    consonants: 0,
    digitRun: 0,
    entropy: 0,
  };
  let run = 0;
  let digitRun = 0;
  for (let i = from; i < to; i += 1) {
    const code = host.charCodeAt(i) & 0x7f;
    counts[code] = (counts[code] ?? 0) + 1;
    const letter = code >= 0x61 && code <= 0x7a;
    const digit = code >= 0x30 && code <= 0x39;
    if (letter) label.letters += 1;
    if (letter && isVowel(code)) label.vowels += 1;
    if (digit) label.digits += 1;
    if (code === 0x2d) label.hyphens += 1;

    run = letter && !isVowel(code) ? run + 1 : 0;
    digitRun = digit ? digitRun + 1 : 0;
    if (run > label.consonants) label.consonants = run;
    if (digitRun > label.digitRun) label.digitRun = digitRun;
  }
  label.entropy = takeEntropy(host, from, to);
  return label;
}

/** The entropy of what was counted; leaves the counts at zero. */
function takeEntropy(host: string, from: number, to: number): number {
  let bits = 0;
  for (let i = from; i < to; i += 1) {
    const code = host.charCodeAt(i) & 0x7f;
    const count = counts[code] ?? 0;
    counts[code] = 0;
    if (count > 0) bits -= shareBits(count, to - from);
  }
  return bits;
}

/** What a path is made of. */
export interface PathMeasures {
  digits: number;
  capitals: number;
  slashes: number;
  escapes: number;
  ats: number;
  dots: number;
  /** `//` inside. */
  empty: boolean;
  /** A name that begins with a dot. */
  hidden: boolean;
  /** A small letter before a capital. */
  camel: boolean;
  /** Longest runs of hexadecimal digits, and of characters of base64. */
  hexRun: number;
  codeRun: number;
}

// What a character is, as bits.
const DIGIT = 1;
const CAPITAL = 2;
const SMALL = 4;
const HEX = 8;
const CODE = 16;
const MARK = 32;
const SORTS = Uint8Array.from({ length: 128 }, (_, code) => sortOf(String.fromCharCode(code)));

function sortOf(character: string): number {
  let sort = 0;
  if (/[0-9]/.test(character)) sort |= DIGIT;
  if (/[A-Z]/.test(character)) sort |= CAPITAL;
  if (/[a-z]/.test(character)) sort |= SMALL;
  if (/[0-9a-fA-F]/.test(character)) sort |= HEX;
  if (/[0-9a-zA-Z+_-]/.test(character)) sort |= CODE;
  if (/[/%@.]/.test(character)) sort |= MARK;
  return sort;
}

/** Measures a path. */
export function measurePath(path: string): PathMeasures {
  const out = {
    digits: 0,
    capitals: 0,
    slashes: 0,
    escapes: 0,
    ats: 0,
    dots: 0,
    empty: false,
    hidden: false,
    camel: false,
    hexRun: 0,
    codeRun: 0,
  };
  let before = 0;
  let sortBefore = 0;
  let hexRun = 0;
  let codeRun = 0;
  for (let i = 0; i < path.length; i += 1) {
    const code = path.charCodeAt(i);
    const sort = code < 128 ? (SORTS[code] ?? 0) : 0;
    if ((sort & (DIGIT | CAPITAL | MARK)) !== 0) {
      if ((sort & DIGIT) !== 0) out.digits += 1;
      else if ((sort & CAPITAL) !== 0) {
        out.capitals += 1;
        if ((sortBefore & SMALL) !== 0) out.camel = true;
      } else countMark(out, code, before);
    }
    hexRun = (sort & HEX) !== 0 ? hexRun + 1 : 0;
    codeRun = (sort & CODE) !== 0 ? codeRun + 1 : 0;
    if (hexRun > out.hexRun) out.hexRun = hexRun;
    if (codeRun > out.codeRun) out.codeRun = codeRun;
    before = code;
    sortBefore = sort;
  }
  return out;
}

function countMark(out: PathMeasures, code: number, before: number): void {
  if (code === 0x25) out.escapes += 1;
  else if (code === 0x40) out.ats += 1;
  else if (code === 0x2f) {
    out.slashes += 1;
    if (before === 0x2f) out.empty = true;
  } else {
    out.dots += 1;
    if (before === 0x2f) out.hidden = true;
  }
}
