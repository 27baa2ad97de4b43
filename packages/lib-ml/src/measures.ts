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
    const share = (counts[code] ?? 0) / (to - from);
    counts[code] = 0;
    if (share > 0) bits -= share * Math.log2(share);
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

function isHex(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x66) ||
    (code >= 0x41 && code <= 0x46)
  );
}

function isCode(code: number): boolean {
  const low = code | 0x20;
  return (
    (low >= 0x61 && low <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x5f
  );
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
  let hexRun = 0;
  let codeRun = 0;
  for (let i = 0; i < path.length; i += 1) {
    const code = path.charCodeAt(i);
    const capital = code >= 0x41 && code <= 0x5a;
    if (code >= 0x30 && code <= 0x39) out.digits += 1;
    if (capital) out.capitals += 1;
    if (code === 0x2f) out.slashes += 1;
    if (code === 0x25) out.escapes += 1;
    if (code === 0x40) out.ats += 1;
    if (code === 0x2e) out.dots += 1;
    if (before === 0x2f && code === 0x2f) out.empty = true;
    if (before === 0x2f && code === 0x2e) out.hidden = true;
    if (capital && before >= 0x61 && before <= 0x7a) out.camel = true;
    hexRun = isHex(code) ? hexRun + 1 : 0;
    codeRun = isCode(code) ? codeRun + 1 : 0;
    if (hexRun > out.hexRun) out.hexRun = hexRun;
    if (codeRun > out.codeRun) out.codeRun = codeRun;
    before = code;
  }
  return out;
}
