/** Numbers from 0 to 1, the same for a seed each time (mulberry32), for simulations. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The most hits that `trials` of a probability give in all but one of 1,000 simulations, about: the
 * mean and 3.09 standard deviations of the binomial distribution.
 */
export function mostByChance(probability: number, trials: number): number {
  return probability * trials + 3.09 * Math.sqrt(trials * probability * (1 - probability));
}
