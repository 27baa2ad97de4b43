/**
 * A 32-bit hash of a text, the same on every machine and in every version: FNV-1a over the UTF-16
 * units, started from a salt, then the finaliser of MurmurHash3 so that all bits depend on all others.
 * Different salts give independent hashes. Not for anything that an opponent may choose collisions of.
 */
export function hash(text: string, salt: number): number {
  let h = (0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One salt for each decision that is made by hash, so that no two of them are correlated. */
export const SALT = {
  site: 1,
  split: 2,
  order: 3,
  balance: 4,
  name: 5,
  path: 6,
  fill: 7,
  thin: 8,
  weight: 9,
} as const;

/** A hash as a fraction in [0, 1). */
export function fraction(text: string, salt: number): number {
  return hash(text, salt) / 2 ** 32;
}
