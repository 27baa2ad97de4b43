import {
  type Collector,
  GRAM,
  HOST,
  lowerCode,
  mix,
  packPlace,
  rowOf,
  seedOf,
} from "./collector.ts";
import type { HostParts } from "./domain.ts";

const SHORTEST = 2;
const LONGEST = 5;
const BEGIN = 1;
const END = 2;
// How much of host, path and query is read: the tails of long URLs are random, and cost accuracy.
const MOST = [253, 120, 60];
const GRAM_SEEDS = [seedOf(11), seedOf(12), seedOf(13)];
const TOKEN_SEEDS = [seedOf(21), seedOf(22), seedOf(23)];
const SHAPE_SEEDS = [seedOf(24), seedOf(25), 0];
const LONGEST_RUN = 6;
const DIGIT = 0x30;
const LETTER = 0x61;
const codes = new Uint8Array(256);

/** Lower-cased codes of a segment between two marks, in a buffer that the next call overwrites. */
function readCodes(text: string, most: number): number {
  const length = Math.min(text.length, most);
  codes[0] = BEGIN;
  for (let i = 0; i < length; i += 1) codes[i + 1] = lowerCode(text.charCodeAt(i));
  codes[length + 1] = END;
  return length;
}

function isWord(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/**
 * Runs of 2–5 characters of a segment that begin at codes `[from, to)`; its two ends are counted as
 * characters. Most of the time of a URL is spent here, so that the rows are written straight into the
 * collector's arrays.
 */
function addGrams(out: Collector, segment: number, length: number, from: number, to: number): void {
  const seed = GRAM_SEEDS[segment] ?? 0;
  out.reserve((to - from) * (LONGEST - SHORTEST + 1));
  const { rows, places } = out;
  let at = out.count;
  for (let i = from; i < to; i += 1) {
    let hash = mix(seed, codes[i] ?? 0);
    const place = packPlace(segment, GRAM, i === 0 ? 0 : i - 1, 0);
    const last = Math.min(i + LONGEST, length + 2);
    for (let j = i + SHORTEST - 1; j < last; j += 1) {
      hash = mix(hash, codes[j] ?? 0);
      rows[at] = rowOf(hash);
      places[at] = place | Math.min(j, length);
      at += 1;
    }
  }
  out.count = at;
}

/** A word with its letters and digits made alike: `abc12` has the shape of `xyz98`, long runs of each other. */
function hashShape(seed: number, from: number, to: number): number {
  let hash = seed;
  let last = 0;
  let run = 0;
  for (let i = from; i < to; i += 1) {
    const sort = (codes[i] ?? 0) <= 0x39 ? DIGIT : LETTER;
    run = sort === last ? run + 1 : 1;
    last = sort;
    if (run === 1) hash = mix(hash, sort);
    if (run <= LONGEST_RUN) hash = mix(hash, run);
  }
  return hash;
}

/** Runs of letters and digits of a segment that lie in codes `[begin, end)`, and of host and path their shapes. */
function addTokens(out: Collector, segment: number, begin: number, end: number): void {
  const seed = TOKEN_SEEDS[segment] ?? 0;
  const shapeSeed = SHAPE_SEEDS[segment] ?? 0;
  let from = 0;
  let hash = seed;
  for (let i = begin; i < end; i += 1) {
    const code = codes[i] ?? 0;
    if (isWord(code)) {
      if (from === 0) from = i;
      hash = mix(hash, code);
    } else if (from !== 0) {
      out.addHash(hash, segment, from - 1, i - 1);
      if (shapeSeed !== 0) out.addHash(hashShape(shapeSeed, from, i), segment, from - 1, i - 1);
      from = 0;
      hash = seed;
    }
  }
}

/** The n-grams of a host in three bags (subdomains, registered label, suffix), its tokens in two. */
export function addHostText(out: Collector, host: string, { site, suffix }: HostParts): void {
  const length = readCodes(host, MOST[HOST] ?? 0);
  // Codes have the mark of the beginning in front: unit i is code i + 1. The dot before the registered label is of
  // the subdomains, that behind it of the suffix.
  const siteAt = site === 0 ? 0 : site + 1;
  const suffixAt = suffix === 0 ? length + 1 : suffix;
  addGrams(out, HOST, length, 0, siteAt);
  out.closeBag();
  addGrams(out, HOST, length, siteAt, suffixAt);
  out.closeBag();
  addGrams(out, HOST, length, suffixAt, length + 1);
  out.closeBag();
  addTokens(out, HOST, 1, siteAt);
  out.closeBag();
  addTokens(out, HOST, Math.max(siteAt, 1), length + 2);
  out.closeBag();
}

/** The n-grams of a path or query, a bag, and its tokens, in a bag that stays open; an empty one has none. */
export function addText(out: Collector, segment: number, text: string): void {
  const length = text === "" ? 0 : readCodes(text, MOST[segment] ?? 0);
  if (length > 0) addGrams(out, segment, length, 0, length + 1);
  out.closeBag();
  if (length > 0) addTokens(out, segment, 1, length + 2);
}
