import { BAGS, RESERVED, ROWS } from "./table.ts";

/** Parts of a URL that a feature can come from, in the order of their codes. */
export const SEGMENTS = ["host", "path", "query", "url"] as const;
/** Sorts of features, in the order of their codes. */
export const KINDS = ["gram", "token", "lexical"] as const;

// The codes of SEGMENTS and KINDS, as numbers because a feature's place packs them into a few bits.
export const HOST = 0;
export const PATH = 1;
export const QUERY = 2;
export const URL_WIDE = 3;
export const GRAM = 0;
const TOKEN = 1;
export const LEXICAL = 2;

const SPREAD = (ROWS - RESERVED) / 2 ** 32;
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
// A place has 14 bits for each end; features beyond that (no real URL) point at the last unit it can name.
const LAST_UNIT = 0x3fff;

/** FNV-1a's start value, made different for each use. */
export function seedOf(use: number): number {
  return Math.imul(OFFSET_BASIS ^ use, PRIME);
}

/** One step of FNV-1a. */
export function mix(hash: number, code: number): number {
  return Math.imul(hash ^ code, PRIME);
}

/** The code of a letter in lower case, of anything else as it is. */
export function lowerCode(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

/** FNV-1a over units `[from, to)` of a text in lower case. */
export function hashText(seed: number, text: string, from: number, to: number): number {
  let hash = seed;
  for (let i = from; i < to; i += 1) hash = mix(hash, lowerCode(text.charCodeAt(i)));
  return hash;
}

/** MurmurHash3's finaliser (spreads FNV's weak high bits), then to a row that is not reserved. */
export function rowOf(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return RESERVED + (((h >>> 0) * SPREAD) | 0);
}

/**
 * Where features gather while a URL is read: rows, and for each where it came from (segment, kind,
 * first and last unit), packed into one number so that tracing costs serving next to nothing.
 */
export class Collector {
  count = 0;
  rows = new Int32Array(4096);
  places = new Int32Array(4096);
  /** How many rows there were at the end of each bag. */
  readonly ends = new Int32Array(BAGS);
  #bag = 0;

  /** Empties it for the next URL. */
  clear(): void {
    this.count = 0;
    this.#bag = 0;
  }

  /** What comes from now on belongs to the next bag. */
  closeBag(): void {
    this.ends[this.#bag] = this.count;
    this.#bag += 1;
  }

  add(row: number, segment: number, kind: number, from: number, to: number): void {
    const at = this.count;
    if (at === this.rows.length) this.reserve(1);
    this.rows[at] = row;
    this.places[at] = packPlace(segment, kind, from, to);
    this.count = at + 1;
  }

  /** A token or other text of a segment, hashed to a row. */
  addHash(hash: number, segment: number, from: number, to: number): void {
    this.add(rowOf(hash), segment, TOKEN, Math.min(from, LAST_UNIT), Math.min(to, LAST_UNIT));
  }

  /** Makes room for this many more, at least as many again as it has. */
  reserve(more: number): void {
    const { length } = this.rows;
    if (this.count + more <= length) return;
    const rows = new Int32Array(Math.max(2 * length, this.count + more));
    const places = new Int32Array(rows.length);
    rows.set(this.rows);
    places.set(this.places);
    this.rows = rows;
    this.places = places;
  }
}

/** One number for where a feature came from; units `[from, to)` of 14 bits each. */
export function packPlace(segment: number, kind: number, from: number, to: number): number {
  return (segment << 30) | (kind << 28) | (from << 14) | to;
}

/** What `places` of a `Collector` holds for one feature. */
export function unpackPlace(place: number) {
  return {
    segment: place >>> 30,
    kind: (place >>> 28) & 3,
    from: (place >>> 14) & LAST_UNIT,
    to: place & LAST_UNIT,
  };
}
