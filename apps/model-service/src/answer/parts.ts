import type { TracedFeature } from "@hookline/lib-ml";
import type { Explanation } from "../schemas.ts";

export type Part = Explanation["parts"][number];
type Segment = Part["segment"];
type Piece = Omit<Part, "weight">;

/** Runs of letters, digits and percent escapes, and what stands between them, are one piece each at first. */
const WORD = /(?:[\p{L}\p{N}\p{M}]|%[\da-f]{2})+|(?:(?!%[\da-f]{2})[^\p{L}\p{N}\p{M}])+/giu;
/** A separator, which says little by itself: longer runs, such as a row of dashes, say something. */
const SEPARATOR = /^[^\p{L}\p{N}\p{M}]{1,3}$/u;

/**
 * Spreads each feature's weight evenly over the characters it came from, and sums these by piece.
 *
 * The parts and the lexical weights together hold all of the weights: nothing is dropped.
 */
export function spreadWeights(
  url: string,
  features: readonly TracedFeature[],
  weights: readonly number[],
): { parts: Part[]; lexical: Explanation["lexical"] } {
  const characters = new Float64Array(url.length);
  const whole = new Map<string, number>();
  for (const [i, { start, end, name }] of features.entries()) {
    const weight = weights[i] ?? 0;
    if (end <= start) {
      whole.set(name, (whole.get(name) ?? 0) + weight);
    }
    for (let at = start; at < end; at++) {
      characters[at] = (characters[at] ?? 0) + weight / (end - start);
    }
  }
  const parts = splitParts(url, features).map((piece) => ({
    ...piece,
    weight: characters.subarray(piece.start, piece.end).reduce((sum, weight) => sum + weight, 0),
  }));
  return { parts, lexical: Array.from(whole, ([name, weight]) => ({ name, weight })) };
}

/**
 * The pieces of the URL that features came from, in their order, without gaps inside a segment; at
 * most `most`, for which neighbours are joined. A lone separator goes with the word that it stands
 * before (`/login`, `.example`), `=` and what has no word behind it with the one before it (`id=`).
 */
export function splitParts(
  url: string,
  features: readonly TracedFeature[],
  most = Number.POSITIVE_INFINITY,
): Piece[] {
  const segments = readSegments(url.length, features);
  const runs: Piece[] = [];
  for (const match of url.matchAll(WORD)) {
    const end = match.index + match[0].length;
    for (let start = match.index; start < end; ) {
      const segment = segments[start];
      let to = start + 1;
      while (to < end && segments[to] === segment) {
        to++;
      }
      if (segment !== undefined) {
        runs.push({ start, end: to, text: url.slice(start, to), segment });
      }
      start = to;
    }
  }
  const pieces = joinSeparators(runs);
  // Host, path, query and a route behind it are four runs, each of which may end in a short piece.
  return pieces.length <= most
    ? pieces
    : joinPieces(url, pieces, Math.ceil(pieces.length / (most - 4)));
}

/** For each character the segment whose features cover it. */
function readSegments(length: number, features: readonly TracedFeature[]): (Segment | undefined)[] {
  const segments = new Array<Segment | undefined>(length).fill(undefined);
  for (const { start, end, segment } of features) {
    if (segment !== "url") {
      segments.fill(segment, start, end);
    }
  }
  return segments;
}

/** Joins each lone separator to a word of its segment that it touches; one that touches none stays. */
function joinSeparators(runs: readonly Piece[]): Piece[] {
  const pieces: Piece[] = [];
  let opening: Piece | undefined;
  for (const [i, run] of runs.entries()) {
    const piece = opening === undefined ? run : join(opening, run);
    opening = undefined;
    if (!SEPARATOR.test(run.text)) {
      pieces.push(piece);
      continue;
    }
    const last = pieces.at(-1);
    const hasNext = touches(run, runs[i + 1]);
    if (touches(last, run) && (run.text.startsWith("=") || !hasNext)) {
      pieces[pieces.length - 1] = join(last, run);
    } else if (hasNext) {
      opening = run;
    } else {
      pieces.push(run);
    }
  }
  return pieces;
}

function touches(left: Piece | undefined, right: Piece | undefined): left is Piece {
  return left !== undefined && left.end === right?.start && left.segment === right.segment;
}

function join(left: Piece, right: Piece): Piece {
  return { ...left, end: right.end, text: left.text + right.text };
}

/** Joins `width` neighbours of a segment each, over what lies between them. */
function joinPieces(url: string, pieces: readonly Piece[], width: number): Piece[] {
  const joined: Piece[] = [];
  let count = 0;
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last?.segment === piece.segment && count < width) {
      joined[joined.length - 1] = {
        ...last,
        end: piece.end,
        text: url.slice(last.start, piece.end),
      };
      count++;
    } else {
      joined.push(piece);
      count = 1;
    }
  }
  return joined;
}
