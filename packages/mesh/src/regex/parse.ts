import { buildSet, complement, foldCase } from "./char-sets.ts";
import { readClass } from "./parse-class.ts";
import { readEscape } from "./parse-escape.ts";
import { Reader, RegexError } from "./reader.ts";
import type { Node } from "./syntax.ts";

/** RE2's own limit on x{n,m}. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 200;
const NEWLINE = 0x0a;

interface Flags {
  /** i: letters in any case. */
  readonly fold: boolean;
  /** m: ^ and $ at lines. */
  readonly lines: boolean;
  /** s: a dot takes a newline too. */
  readonly dotAll: boolean;
  /** U: lazy is greedy and the other way round. */
  readonly ungreedy: boolean;
}

/** Parses a regular expression as RE2 does. Throws a RegexError for what RE2 refuses. */
export function parseRegex(pattern: string): Node {
  const reader = new Reader(pattern);
  const plain = { fold: false, lines: false, dotAll: false, ungreedy: false };
  const node = parseAlternatives(reader, plain, 0);
  if (!reader.done) throw new RegexError("An unexpected )");
  return node;
}

function parseAlternatives(reader: Reader, given: Flags, depth: number): Node {
  if (depth > MAX_DEPTH) throw new RegexError("Groups are nested too deep");
  let flags = given;
  const alternatives: Node[][] = [[]];
  while (!reader.done && reader.peek() !== ")") {
    if (reader.take("|")) {
      alternatives.push([]);
      continue;
    }
    if (reader.take("(?")) {
      const group = parseFlagGroup(reader, flags, depth);
      if (group.node === undefined) {
        flags = group.flags;
        continue;
      }
      alternatives.at(-1)?.push(parseRepeats(reader, group.node, flags));
      continue;
    }
    alternatives.at(-1)?.push(parseRepeats(reader, parseAtom(reader, flags, depth), flags));
  }
  const nodes = alternatives.map((parts): Node => ({ kind: "all", nodes: parts }));
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: "any", nodes };
}

/** (?:x) (?i) (?i:x) (?P<name>x) (?<name>x), after the "(?". */
function parseFlagGroup(
  reader: Reader,
  flags: Flags,
  depth: number,
): { flags: Flags; node?: Node } {
  if (reader.take("=") || reader.take("!")) throw new RegexError("RE2 has no look-ahead");
  if (reader.take("<=") || reader.take("<!")) throw new RegexError("RE2 has no look-behind");
  if (reader.take(">")) throw new RegexError("RE2 has no atomic groups");
  if (reader.take("P<") || reader.take("<")) {
    const name = reader.takeUntil(">");
    if (name === undefined || !/^\w+$/.test(name)) throw new RegexError("A bad name of a group");
    return { flags, node: closeGroup(reader, { flags, depth, capture: true }) };
  }
  const letters = reader.takeWhile(/[imsU-]/);
  const [on = "", off = ""] = letters.split("-");
  const changed = setFlags(setFlags(flags, on, true), off, false);
  if (reader.take(")")) return { flags: changed };
  if (!reader.take(":")) throw new RegexError(`RE2 has no group (?${letters}${reader.peek()}`);
  return { flags, node: closeGroup(reader, { flags: changed, depth, capture: false }) };
}

function setFlags(flags: Flags, letters: string, value: boolean): Flags {
  return {
    fold: letters.includes("i") ? value : flags.fold,
    lines: letters.includes("m") ? value : flags.lines,
    dotAll: letters.includes("s") ? value : flags.dotAll,
    ungreedy: letters.includes("U") ? value : flags.ungreedy,
  };
}

interface GroupOptions {
  readonly flags: Flags;
  readonly depth: number;
  readonly capture: boolean;
}

function closeGroup(reader: Reader, { flags, depth, capture }: GroupOptions): Node {
  const node = parseAlternatives(reader, flags, depth + 1);
  if (!reader.take(")")) throw new RegexError("A missing )");
  return { kind: "group", capture, node };
}

function parseAtom(reader: Reader, flags: Flags, depth: number): Node {
  const char = reader.next();
  switch (char) {
    case "(":
      return closeGroup(reader, { flags, depth, capture: true });
    case "[":
      return { kind: "set", set: readClass(reader, flags.fold) };
    case ".": {
      const every = flags.dotAll ? [] : [[NEWLINE, NEWLINE] as const];
      return { kind: "set", set: buildSet(complement(every)) };
    }
    case "^":
      return { kind: "assert", assertion: flags.lines ? "line-start" : "text-start" };
    case "$":
      return { kind: "assert", assertion: flags.lines ? "line-end" : "text-end" };
    case "*":
    case "+":
    case "?":
      throw new RegexError(`Nothing to repeat before ${char}`);
    case "\\":
      return readEscape(reader, flags.fold);
    default:
      return buildLiteral(char, flags.fold);
  }
}

/** One character. */
function buildLiteral(char: string, fold: boolean): Node {
  const code = char.codePointAt(0) ?? 0;
  const ranges = [[code, code] as const];
  return { kind: "set", set: buildSet(fold ? foldCase(ranges) : ranges) };
}

function parseRepeats(reader: Reader, atom: Node, { ungreedy }: Flags): Node {
  const range = readRange(reader);
  if (range === undefined) return atom;
  const greedy = reader.take("?") === ungreedy;
  if (readRange(reader) !== undefined) throw new RegexError("RE2 repeats no repetition");
  const [min, max] = range;
  return { kind: "repeat", node: atom, min, max, greedy };
}

function readRange(reader: Reader): readonly [min: number, max: number] | undefined {
  if (reader.take("*")) return [0, Number.POSITIVE_INFINITY];
  if (reader.take("+")) return [1, Number.POSITIVE_INFINITY];
  if (reader.take("?")) return [0, 1];
  // A brace that is no range is a brace.
  const found = reader.takeMatch(/\{(\d+)(,(\d*))?\}/y);
  if (found === undefined) return undefined;
  const min = Number(found[1]);
  const open = found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
  const max = found[2] === undefined ? min : open;
  const finite = max === Number.POSITIVE_INFINITY ? min : max;
  if (finite > MAX_REPEAT || max < min) throw new RegexError(`A bad repetition ${found[0]}`);
  return [min, max];
}
