import { type Collector, GRAM, MAX_SEGMENT, mix, rowOf, seedOf, TOKEN } from "./collector.ts";

const SHORTEST = 2;
const LONGEST = 5;
const BEGIN = 1;
const END = 2;
const GRAM_SEEDS = [seedOf(11), seedOf(12), seedOf(13)];
const TOKEN_SEEDS = [seedOf(21), seedOf(22), seedOf(23)];
const codes = new Uint8Array(MAX_SEGMENT + 2);

/** Lower-cased codes of a segment between two marks, in a buffer that the next call overwrites. */
function readCodes(text: string): number {
  const length = Math.min(text.length, MAX_SEGMENT);
  codes[0] = BEGIN;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    codes[i + 1] = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  }
  codes[length + 1] = END;
  return length;
}

function isWord(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/** Every run of 2–5 characters of a segment, its two ends counted as characters. */
function addGrams(out: Collector, segment: number, length: number): void {
  const seed = GRAM_SEEDS[segment] ?? 0;
  for (let i = 0; i <= length; i += 1) {
    let hash = mix(seed, codes[i] ?? 0);
    const last = Math.min(i + LONGEST, length + 2);
    for (let j = i + 1; j < last; j += 1) {
      hash = mix(hash, codes[j] ?? 0);
      if (j - i + 1 >= SHORTEST) {
        out.add(rowOf(hash), segment, GRAM, i === 0 ? 0 : i - 1, Math.min(j, length));
      }
    }
  }
}

/** Every run of letters and digits of a segment. */
function addTokens(out: Collector, segment: number, length: number): void {
  const seed = TOKEN_SEEDS[segment] ?? 0;
  let from = -1;
  let hash = seed;
  for (let i = 1; i <= length + 1; i += 1) {
    const code = codes[i] ?? 0;
    if (isWord(code)) {
      if (from === -1) {
        from = i;
        hash = seed;
      }
      hash = mix(hash, code);
    } else if (from !== -1) {
      out.add(rowOf(hash), segment, TOKEN, from - 1, i - 1);
      from = -1;
    }
  }
}

/** The n-grams and tokens of one segment; an empty one has none. */
export function addText(out: Collector, segment: number, text: string): void {
  if (text === "") return;
  const length = readCodes(text);
  addGrams(out, segment, length);
  addTokens(out, segment, length);
}
