// Tells in one pass over a host that most hosts imitate no name of the list. It may say "perhaps" too
// often, never "no" wrongly: hashes can meet, but equal texts always have equal hashes.

import { isOneSlipAway } from "./brands-distance.ts";
import { foldLooks, hashLooks } from "./brands-fold.ts";
import { mix, seedOf } from "./collector.ts";

/** What a host may do, as bits. */
export const WHOLE = 1;
export const EMBEDDED = 2;
export const TOKENS = 4;
export const JOINED = 8;

const EXACT_SEED = seedOf(1);
const FOLDED_SEED = seedOf(2);
const DOMAIN_SEED = seedOf(3);
const HEAD_SEED = seedOf(4);
const TAIL_SEED = seedOf(5);
const OWNED_SEED = seedOf(6);
/** Makes the hash of a name's first three letters another than that of a name of three. */
const BEGUN = 0x5bd1e995;
const BITS = 19;
/** Shorter names are not looked for inside words, nor are shorter texts taken for a slip. */
const SHORTEST_JOINED = 3;
const SHORTEST_SLIP = 5;

interface FilterOptions {
  /** Names to look for. */
  readonly exact: Iterable<string>;
  /** The same without hyphens. */
  readonly joined: Iterable<string>;
  /** What the first labels of the brands' domains fold to. */
  readonly domains: Iterable<string>;
  /** The brands' domains, and the suffixes that are one's alone. */
  readonly owned: Iterable<string>;
}

/** A set of hashes of names (a Bloom filter with one hash), and the names by their first and last letters. */
export class BrandFilter {
  readonly #bits = new Uint8Array(2 ** (BITS - 3));
  readonly #byEnds = new Map<number, string[]>();
  /** The most letters that are looked at from either end of a label. */
  #longest = 0;

  constructor({ exact, joined, domains, owned }: FilterOptions) {
    for (const name of exact) {
      this.#add(hashRange(EXACT_SEED, name, 0, name.length));
      const folded = foldLooks(name);
      this.#add(hashRange(FOLDED_SEED, folded, 0, folded.length));
      for (const key of [headOf(name, 0), tailOf(name, name.length)]) {
        this.#byEnds.set(key, [...(this.#byEnds.get(key) ?? []), name]);
      }
    }
    for (const first of domains) this.#add(hashRange(DOMAIN_SEED, first, 0, first.length));
    for (const domain of owned) this.#add(hashRange(OWNED_SEED, domain, 0, domain.length));
    for (const name of joined) {
      if (name.length < SHORTEST_JOINED) continue;
      this.#longest = Math.max(this.#longest, name.length);
      this.#addJoined(name);
    }
  }

  /** Whether what begins at `from` of a host may be a domain of a brand, or a suffix: to look that up, it must be cut out. */
  mayBeOwned(host: string, from: number): boolean {
    return this.#has(hashRange(OWNED_SEED, host, from, host.length));
  }

  /** The ways (bits) in which units `[0, end)` of a host, its labels before the suffix, may imitate a name; `site` is where the last label begins. */
  check(host: string, site: number, end: number): number {
    let ways = 0;
    for (let from = 0; from <= end; ) {
      const dot = host.indexOf(".", from);
      const to = dot === -1 || dot > end ? end : dot;
      ways |= from === site ? this.#checkSite(host, from, to) : this.#checkLabel(host, from, to);
      if (this.#mayBeJoined(host, from, to)) ways |= JOINED;
      from = to + 1;
    }
    return ways;
  }

  #checkSite(host: string, from: number, to: number): number {
    const whole = this.#mayBe(host, from, to) ? WHOLE : 0;
    return whole | (this.#mayHoldToken(host, from, to, whole !== 0) ? TOKENS : 0);
  }

  #checkLabel(host: string, from: number, to: number): number {
    const embedded = this.#has(hashLooks(DOMAIN_SEED, host, from, to)) ? EMBEDDED : 0;
    const whole = this.#mayBe(host, from, to);
    return embedded | (this.#mayHoldToken(host, from, to, whole) ? TOKENS : 0);
  }

  /** Units `[from, to)` are a name, look like one, or are one slip away. */
  #mayBe(host: string, from: number, to: number): boolean {
    return (
      this.#has(hashRange(EXACT_SEED, host, from, to)) ||
      this.#has(hashLooks(FOLDED_SEED, host, from, to)) ||
      this.#mayBeSlip(host, from, to)
    );
  }

  /** A label, which may itself be one or not, or a piece of it between hyphens, is or nearly is a name, with or without digits around it. */
  #mayHoldToken(host: string, from: number, to: number, whole: boolean): boolean {
    if (whole) return true;
    let start = from;
    for (let at = from; at <= to; at += 1) {
      if (at < to && !isHyphen(host.charCodeAt(at))) continue;
      const isPiece = start > from || at < to;
      if (at > start && isPiece && this.#mayBe(host, start, at)) return true;
      if (at > start && this.#mayBeInDigits(host, start, at)) return true;
      start = at + 1;
    }
    return false;
  }

  #mayBeInDigits(host: string, from: number, to: number): boolean {
    let [start, end] = [from, to];
    while (start < end && isDigit(host.charCodeAt(start))) start += 1;
    while (end > start && isDigit(host.charCodeAt(end - 1))) end -= 1;
    return (start > from || end < to) && this.#has(hashRange(EXACT_SEED, host, start, end));
  }

  /** One slip leaves the first two or the last two letters of five as they are. */
  #mayBeSlip(host: string, from: number, to: number): boolean {
    if (to - from < SHORTEST_SLIP) return false;
    return (
      this.#isSlipOf(this.#byEnds.get(headOf(host, from)), host, from, to) ||
      this.#isSlipOf(this.#byEnds.get(tailOf(host, to)), host, from, to)
    );
  }

  #isSlipOf(names: readonly string[] | undefined, host: string, from: number, to: number) {
    if (names === undefined) return false;
    for (const name of names) if (isOneSlipAway(name, host, from, to)) return true;
    return false;
  }

  /** A label begins or ends with a name, hyphens left out. */
  #mayBeJoined(host: string, from: number, to: number): boolean {
    let hash = HEAD_SEED;
    for (let at = from, length = 0; at < to && length < this.#longest; at += 1) {
      const code = host.charCodeAt(at);
      if (isHyphen(code)) continue;
      hash = mix(hash, code);
      length += 1;
      if (length === SHORTEST_JOINED && !this.#has(hash ^ BEGUN)) break;
      if (length >= SHORTEST_JOINED && this.#has(hash)) return true;
    }
    hash = TAIL_SEED;
    for (let at = to - 1, length = 0; at >= from && length < this.#longest; at -= 1) {
      const code = host.charCodeAt(at);
      if (isHyphen(code)) continue;
      hash = mix(hash, code);
      length += 1;
      if (length === SHORTEST_JOINED && !this.#has(hash ^ BEGUN)) break;
      if (length >= SHORTEST_JOINED && this.#has(hash)) return true;
    }
    return false;
  }

  /** A name from its first and from its last letter on; its first three, by which most labels are told apart, are marked. */
  #addJoined(name: string): void {
    let [head, tail] = [HEAD_SEED, TAIL_SEED];
    for (let at = 0; at < name.length; at += 1) {
      head = mix(head, name.charCodeAt(at));
      tail = mix(tail, name.charCodeAt(name.length - 1 - at));
      if (at + 1 !== SHORTEST_JOINED) continue;
      this.#add(head ^ BEGUN);
      this.#add(tail ^ BEGUN);
    }
    this.#add(head);
    this.#add(tail);
  }

  #add(hash: number): void {
    const bit = bitOf(hash);
    this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  #has(hash: number): boolean {
    const bit = bitOf(hash);
    return (((this.#bits[bit >>> 3] ?? 0) >>> (bit & 7)) & 1) === 1;
  }
}

/** The high bits of FNV are its good ones. */
function bitOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> (32 - BITS);
}

function hashRange(seed: number, text: string, from: number, to: number): number {
  let hash = seed;
  for (let at = from; at < to; at += 1) hash = mix(hash, text.charCodeAt(at));
  return hash;
}

function headOf(text: string, from: number): number {
  return (text.charCodeAt(from) << 8) | text.charCodeAt(from + 1);
}

function tailOf(text: string, to: number): number {
  return 0x10000 | (text.charCodeAt(to - 2) << 8) | text.charCodeAt(to - 1);
}

function isHyphen(code: number): boolean {
  return code === 0x2d || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
