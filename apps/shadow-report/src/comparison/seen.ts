/** What is remembered: a text each, in 2 MB. */
const SLOTS = 2 ** 18;

/**
 * Tells whether a text was seen before, in fixed memory: of two texts that share a place the newer is
 * remembered. The seeds are drawn at the start, so that nobody can find texts that share one.
 */
export function createSeen(slots = SLOTS): (text: string) => boolean {
  const marks = new Uint32Array(slots);
  const [placeSeed = 0, markSeed = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (text) => {
    const place = Bun.hash.xxHash32(text, placeSeed) % slots;
    // Zero is an empty place.
    const mark = Bun.hash.xxHash32(text, markSeed) || 1;
    const seen = marks[place] === mark;
    marks[place] = mark;
    return seen;
  };
}
