import { BuildError } from "./errors.ts";
import {
  quote,
  RegexError,
  type RegexInput,
  readClass,
  readEscape,
  readNamedClass,
  textSince,
} from "./go-regex-class.ts";

/** The flags that are on: `i` any case, `m` lines, `s` a dot for all. */
interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

interface Parser extends RegexInput {
  /** The flags of the group at hand and, before it, of those around it. */
  readonly groups: Flags[];
  flags: Flags;
  out: string;
  /** Where the last repetition began, when nothing came after it. */
  repetition: number | undefined;
  /** Whether there is something that can be repeated. */
  hasAtom: boolean;
}

/**
 * A Go regular expression (RE2) as one of JavaScript. Throws for what Go refuses, in its words:
 * look-around and backreferences, which RE2 does not have, are among that.
 */
export function compileGoRegex(pattern: string): RegExp {
  try {
    return new RegExp(translate(pattern), "v");
  } catch (error) {
    throw invalidRegex(pattern, error);
  }
}

function invalidRegex(pattern: string, cause: unknown): BuildError {
  const message =
    cause instanceof RegexError ? cause.message : `error parsing regexp: \`${pattern}\``;
  return new BuildError("INVALID_SELECTOR", message, { cause });
}

function translate(pattern: string): string {
  const parser: Parser = {
    chars: [...pattern],
    at: 0,
    groups: [],
    flags: { i: false, m: false, s: false },
    out: "",
    repetition: undefined,
    hasAtom: false,
  };
  while (parser.at < parser.chars.length) step(parser);
  if (parser.groups.length > 0) throw new RegexError("missing closing )", pattern);
  return parser.out;
}

function step(parser: Parser): void {
  const char = parser.chars[parser.at] ?? "";
  const last = parser.repetition;
  parser.repetition = undefined;
  switch (char) {
    case "(":
      open(parser);
      return;
    case ")":
      close(parser);
      return;
    case "|":
      parser.at++;
      parser.out += "|";
      parser.hasAtom = false;
      return;
    case "*":
    case "+":
    case "?":
      repeat(parser, { text: char, last });
      return;
    case "{": {
      const text = readCount(parser);
      if (text === undefined) addAtom(parser, quote(take(parser)));
      else repeat(parser, { text, last });
      return;
    }
    case "\\":
      if (parser.chars[parser.at + 1] === "Q") addQuoted(parser);
      else addAtom(parser, readBackslash(parser));
      return;
    default:
      addAtom(parser, readAtom(parser, char));
  }
}

/** A count such as `{2,3}` at the place; `undefined` when it is none, and is meant as it is written. */
function readCount({ chars, at }: Parser): string | undefined {
  let end = at + 1;
  while (/^[\d,]$/.test(chars[end] ?? "")) end++;
  return /^\{\d+(?:,\d*)?\}$/.exec(chars.slice(at, end + 1).join(""))?.[0];
}

function take(parser: Parser): string {
  return parser.chars[parser.at++] ?? "";
}

function addAtom(parser: Parser, source: string): void {
  parser.out += parser.flags.i ? `(?i:${source})` : source;
  parser.hasAtom = true;
}

function readAtom(parser: Parser, char: string): string {
  const { m, s } = parser.flags;
  switch (char) {
    case "^":
      parser.at++;
      return m ? "(?:^|(?<=\\n))" : "(?:^)";
    case "$":
      parser.at++;
      return m ? "(?:$|(?=\\n))" : "(?:$)";
    case ".":
      parser.at++;
      return s ? "[\\s\\S]" : "[^\\n]";
    case "[":
      return readClass(parser);
    default:
      parser.at++;
      return quote(char);
  }
}

const ASSERTIONS: Readonly<Record<string, string>> = {
  A: "(?:^)",
  B: "(?:\\B)",
  b: "(?:\\b)",
  z: "(?:$)",
};

function readBackslash(parser: Parser): string {
  const letter = parser.chars[parser.at + 1] ?? "";
  const assertion = ASSERTIONS[letter];
  if (assertion !== undefined) {
    parser.at += 2;
    return assertion;
  }
  return readNamedClass(parser) ?? quote(readEscape(parser));
}

/** What stands between `\Q` and `\E` is meant as it is written; what follows repeats its last character. */
function addQuoted(parser: Parser): void {
  const { chars } = parser;
  parser.at += 2;
  while (parser.at < chars.length) {
    if (chars[parser.at] === "\\" && chars[parser.at + 1] === "E") {
      parser.at += 2;
      return;
    }
    addAtom(parser, quote(take(parser)));
  }
}

/** Repeats what came before; a second repetition at once is refused, a `?` behind one is not. */
function repeat(parser: Parser, { text, last }: { text: string; last: number | undefined }): void {
  const start = parser.at;
  parser.at += text.length;
  if (text.startsWith("{")) {
    const [min = 0, max = min] = text.slice(1, -1).split(",").map(Number);
    const most = text.endsWith(",}") ? min : max;
    if (min > 1000 || most > 1000 || most < min) throw new RegexError("invalid repeat count", text);
  }
  const isLazy = parser.chars[parser.at] === "?";
  if (isLazy) parser.at++;
  if (last !== undefined) {
    throw new RegexError("invalid nested repetition operator", textSince(parser, last));
  }
  if (!parser.hasAtom) {
    throw new RegexError("missing argument to repetition operator", textSince(parser, start));
  }
  parser.out += text + (isLazy ? "?" : "");
  parser.repetition = start;
}

function open(parser: Parser): void {
  const start = parser.at;
  const around = parser.flags;
  if (parser.chars[start + 1] !== "?") {
    parser.at++;
    parser.out += "(?:";
  } else if (/^\(\?P?</.test(textSince(parser, start, start + 4))) {
    parser.at += readName(parser).length;
    parser.out += "(?:";
  } else {
    const isGroup = readFlags(parser, start);
    if (!isGroup) return;
    parser.out += "(?:";
  }
  parser.groups.push(around);
  parser.hasAtom = false;
}

/** `(?P<name>`, or `(?<name>`. */
function readName({ chars, at }: Parser): string {
  const end = chars.indexOf(">", at);
  const head = chars.slice(at, end < 0 ? undefined : end + 1).join("");
  if (!/^\(\?P?<[A-Za-z0-9_]+>$/.test(head)) throw new RegexError("invalid named capture", head);
  return head;
}

/** `(?i)` for the rest of the group at hand, `(?i:` for one of its own. Gives whether it is one. */
function readFlags(parser: Parser, start: number): boolean {
  parser.at += 2;
  let flags = parser.flags;
  let isOn = true;
  let count = 0;
  for (;;) {
    const char = take(parser);
    if (char === "i" || char === "m" || char === "s") flags = { ...flags, [char]: isOn };
    else if (char === "-" && isOn) isOn = false;
    else if ((char === ":" || char === ")") && (isOn || count > 0)) {
      parser.flags = flags;
      return char === ":";
    } else if (char !== "U") {
      const part = textSince(parser, start, Math.min(parser.at, parser.chars.length));
      const problem = char === "" ? "missing closing )" : "invalid or unsupported Perl syntax";
      throw new RegexError(problem, part);
    }
    count = char === "-" ? 0 : count + 1;
  }
}

function close(parser: Parser): void {
  const around = parser.groups.pop();
  if (around === undefined) {
    throw new RegexError("unexpected )", textSince(parser, 0, parser.chars.length));
  }
  parser.at++;
  parser.flags = around;
  parser.out += ")";
  parser.hasAtom = true;
}
