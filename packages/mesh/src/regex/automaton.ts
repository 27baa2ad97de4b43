import { RegexError } from "./reader.ts";
import type { Assertion, CharSet, Node } from "./syntax.ts";

// A regular expression as a set of states, run on all of them at once: linear in the text whatever
// the pattern, as RE2 promises (swtch.com/~rsc/regexp). JavaScript's own backtracks.

interface State {
  /** Goes to `out` over a character of the set, … */
  readonly set?: CharSet;
  /** … or where the assertion holds, … */
  readonly assertion?: Assertion;
  /** … or at once to both. Undefined: the end. */
  out: number;
  other: number;
}

const NOWHERE = -1;
const MAX_STATES = 20_000;

/** What stands before a place. */
const START = 0;
const WORD = 1;
const NEWLINE = 2;
const OTHER = 3;
const END = 4;

export interface Program {
  readonly states: readonly State[];
  readonly start: number;
  readonly accept: number;
}

/** Built from the end: each part is given the state that comes after it. */
export function buildProgram(node: Node): Program {
  const states: State[] = [{ out: NOWHERE, other: NOWHERE }];
  const add = (state: State): number => {
    if (states.length >= MAX_STATES) throw new RegexError("The pattern is too large");
    return states.push(state) - 1;
  };
  const build = (part: Node, next: number): number => {
    switch (part.kind) {
      case "empty":
        return next;
      case "set":
        return add({ set: part.set, out: next, other: NOWHERE });
      case "assert":
        return add({ assertion: part.assertion, out: next, other: NOWHERE });
      case "group":
        return build(part.node, next);
      case "all":
        return part.nodes.reduceRight((after, one) => build(one, after), next);
      case "any": {
        const starts = part.nodes.map((one) => build(one, next));
        return starts.reduceRight((one, other) => add({ out: other, other: one }));
      }
      case "repeat":
        return buildRepeat(part, next, { add, build });
    }
  };
  return { states, start: build(node, 0), accept: 0 };
}

interface Builder {
  add(state: State): number;
  build(part: Node, next: number): number;
}

function buildRepeat(
  { node, min, max }: Extract<Node, { kind: "repeat" }>,
  next: number,
  { add, build }: Builder,
): number {
  let after = next;
  if (max === Number.POSITIVE_INFINITY) {
    const loop = { out: NOWHERE, other: next };
    after = add(loop);
    loop.out = build(node, after);
  } else {
    for (let i = min; i < max; i += 1) after = add({ out: build(node, after), other: next });
  }
  for (let i = 0; i < min; i += 1) after = build(node, after);
  return after;
}

/** The states that a text has led to, and what came last. */
interface Place {
  readonly states: readonly number[];
  readonly before: number;
  /** Where ASCII characters lead, once they were met. */
  readonly next: (Place | undefined)[];
  accepts: boolean | undefined;
}

const MAX_PLACES = 2000;

/** Whether the whole text is in the program's language. */
export function createMatcher(program: Program): (text: string) => boolean {
  const places = new Map<string, Place>();
  const start: Place = { states: [program.start], before: START, next: [], accepts: undefined };
  const intern = (states: readonly number[], before: number): Place => {
    const key = `${before}:${states.join()}`;
    const found = places.get(key);
    if (found !== undefined) return found;
    const place: Place = { states, before, next: [], accepts: undefined };
    // Forgetting all is simple and rare; the memory stays bounded whatever comes in.
    if (places.size >= MAX_PLACES) {
      places.clear();
      start.next.length = 0;
    }
    places.set(key, place);
    return place;
  };
  return (text) => {
    let place = start;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const known = place.next[unit];
      if (known !== undefined) {
        place = known;
        continue;
      }
      const code = text.codePointAt(at) ?? unit;
      if (code > 0xffff) at += 1;
      const to = intern(step(program, place, code), classify(code));
      if (code < 128) place.next[code] = to;
      if (to.states.length === 0) return false;
      place = to;
    }
    place.accepts ??= expand(program, place, END).includes(program.accept);
    return place.accepts;
  };
}

function step(program: Program, place: Place, code: number): number[] {
  const reached = new Set<number>();
  for (const id of expand(program, place, classify(code))) {
    const state = program.states[id];
    if (state?.set?.has(code)) reached.add(state.out);
  }
  return [...reached].sort((one, other) => one - other);
}

/** Every state that is reached without a character, given what stands on both sides. */
function expand({ states }: Program, place: Place, after: number): number[] {
  const seen = new Set(place.states);
  const work = [...place.states];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    const state = states[id];
    if (state === undefined || state.set !== undefined) continue;
    if (state.assertion !== undefined && !holds(state.assertion, place.before, after)) continue;
    for (const to of [state.out, state.other]) {
      if (to === NOWHERE || seen.has(to)) continue;
      seen.add(to);
      work.push(to);
    }
  }
  return [...seen];
}

function classify(code: number): number {
  if (code === 0x0a) return NEWLINE;
  const isWord =
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    (code >= 0x61 && code <= 0x7a);
  return isWord ? WORD : OTHER;
}

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case "text-start":
      return before === START;
    case "text-end":
      return after === END;
    case "line-start":
      return before === START || before === NEWLINE;
    case "line-end":
      return after === END || after === NEWLINE;
    case "word":
      return (before === WORD) !== (after === WORD);
    case "no-word":
      return (before === WORD) === (after === WORD);
  }
}
