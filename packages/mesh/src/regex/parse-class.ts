import { buildSet, foldCase, type Range, readPosixClass, uniteSets } from "./char-sets.ts";
import { readEscapedCode, readEscapedSet } from "./parse-escape.ts";
import { type Reader, RegexError } from "./reader.ts";
import type { CharSet } from "./syntax.ts";

/** [a-z\d[:alpha:]], after its first bracket. A negated class takes a newline, as in RE2. */
export function readClass(reader: Reader, fold: boolean): CharSet {
  const negated = reader.take("^");
  const ranges: Range[] = [];
  const sets: CharSet[] = [];
  let first = true;
  // A bracket that comes first is a character.
  while (first || reader.peek() !== "]") {
    first = false;
    if (reader.done) throw new RegexError("A missing ]");
    const posix = reader.takeMatch(/\[:(\^?\w+):\]/y);
    if (posix !== undefined) {
      const found = readPosixClass(posix[1] ?? "");
      if (found === undefined) throw new RegexError(`RE2 has no class ${posix[0]}`);
      ranges.push(...found);
      continue;
    }
    const set = readSetOf(reader, fold);
    if (set !== undefined) sets.push(set);
    else ranges.push(readRange(reader));
  }
  reader.next();
  return uniteSets([buildSet(fold ? foldCase(ranges) : ranges), ...sets], negated);
}

/** \d and its like. */
function readSetOf(reader: Reader, fold: boolean): CharSet | undefined {
  if (reader.takeMatch(/\\(?=[dDsSwWpP])/y) === undefined) return undefined;
  return readEscapedSet(reader, fold);
}

function readRange(reader: Reader): Range {
  const first = readCode(reader);
  if (reader.takeMatch(/-(?=[^\]])/y) === undefined) return [first, first];
  const last = readCode(reader);
  if (last < first) throw new RegexError("A range in a class goes backwards");
  return [first, last];
}

function readCode(reader: Reader): number {
  if (reader.take("\\")) return readEscapedCode(reader);
  return reader.next().codePointAt(0) ?? 0;
}
