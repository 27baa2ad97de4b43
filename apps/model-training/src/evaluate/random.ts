/**
 * A seeded source of numbers in [0, 1): mulberry32 (Tommy Ettinger, public domain).
 * Good enough to draw samples and resamples; the same seed gives the same draws on any machine.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `size` different indices below `total` in rising order (all of them when there are no more). */
export function sampleIndices(total: number, size: number, seed: number): readonly number[] {
  const random = createRandom(seed);
  const chosen: number[] = [];
  // Knuth's selection sampling (TAOCP 3.4.2 S): one pass, every subset equally likely.
  for (let index = 0; index < total && chosen.length < size; index += 1) {
    if (random() * (total - index) < size - chosen.length) chosen.push(index);
  }
  return chosen;
}
