import { buildSet, foldCase, readPerlClass, readUnicodeClass } from "./char-sets.ts";
import { type Reader, RegexError } from "./reader.ts";
import type { Assertion, CharSet, Node } from "./syntax.ts";

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ["A", "text-start"],
  ["z", "text-end"],
  ["b", "word"],
  ["B", "no-word"],
]);

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ["a", 0x07],
  ["f", 0x0c],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
  ["v", 0x0b],
]);

/** What follows a backslash outside a class. */
export function readEscape(reader: Reader, fold: boolean): Node {
  const letter = reader.peek();
  const assertion = ASSERTIONS.get(letter);
  if (assertion !== undefined) {
    reader.next();
    return { kind: "assert", assertion };
  }
  if (reader.take("Q")) return readQuoted(reader, fold);
  if (reader.take("C")) throw new RegexError("A byte of UTF-8 (\\C) is not modelled");
  return { kind: "set", set: readEscapedSet(reader, fold) };
}

/** \Qtext\E: the text as it stands. */
function readQuoted(reader: Reader, fold: boolean): Node {
  const nodes: Node[] = [];
  while (!reader.done && !reader.take("\\E")) {
    nodes.push({ kind: "set", set: buildPoint(reader.next(), fold) });
  }
  return { kind: "group", capture: false, node: { kind: "all", nodes } };
}

function buildPoint(char: string, fold: boolean): CharSet {
  const code = char.codePointAt(0) ?? 0;
  return buildSet(fold ? foldCase([[code, code]]) : [[code, code]]);
}

/** A class like \d or \pL, or a character, after its backslash; inside a class as well. */
export function readEscapedSet(reader: Reader, fold: boolean): CharSet {
  const perl = readPerlClass(reader.peek());
  if (perl !== undefined) {
    reader.next();
    return buildSet(perl);
  }
  if (reader.peek() === "p" || reader.peek() === "P") return readProperty(reader, fold);
  const code = readEscapedCode(reader);
  return buildSet(fold ? foldCase([[code, code]]) : [[code, code]]);
}

function readProperty(reader: Reader, fold: boolean): CharSet {
  if (fold) throw new RegexError("A class of Unicode under (?i) is not modelled");
  const negated = reader.next() === "P";
  const given = reader.take("{") ? reader.takeUntil("}") : reader.next();
  const opposite = given?.startsWith("^") ?? false;
  const name = opposite ? given?.slice(1) : given;
  const set = name === undefined ? undefined : readUnicodeClass(name, negated !== opposite);
  if (set === undefined) throw new RegexError(`RE2 has no class \\p{${given ?? ""}}`);
  return set;
}

/** A code point after a backslash: \n, \x41, \x{1F600}, \101, \. */
export function readEscapedCode(reader: Reader): number {
  const hex = reader.takeMatch(/x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/y);
  if (hex !== undefined) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    if (code > 0x10ffff) throw new RegexError(`No character \\${hex[0]}`);
    return code;
  }
  // Octal needs two digits, or a nought: RE2 takes \1 for a back-reference, which it has not.
  const octal = reader.takeMatch(/(0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
  if (octal !== undefined) return Number.parseInt(octal[0], 8);
  const letter = reader.next();
  const control = CONTROLS.get(letter);
  if (control !== undefined) return control;
  if (/[0-9k]/.test(letter)) throw new RegexError(`RE2 has no back-reference \\${letter}`);
  const code = letter.codePointAt(0) ?? 0;
  if (code > 0x7f || /\w/.test(letter)) throw new RegexError(`RE2 has no escape \\${letter}`);
  return code;
}
