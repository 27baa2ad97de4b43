import { isBlank, isBreak, isSeparator } from "./scan-state.ts";

/** libyaml's preferred width: a line is broken at the first space beyond it. */
const WIDTH = 80;

/** Where a scalar is written. */
export interface Spot {
  /** The column of its first character, quotes included. */
  readonly column: number;
  /** The indent of the lines that follow the first. */
  readonly indent: number;
  /** Whether long lines may be broken; keys are not. */
  readonly breaks: boolean;
}

function newLine(indent: number): string {
  return `\n${" ".repeat(indent)}`;
}

/** A plain scalar, folded at spaces beyond column 80. */
export function writePlain(text: string, { column, indent, breaks }: Spot): string {
  // A line can only get too long when the end does.
  if (!breaks || column + text.length <= WIDTH || !text.includes(" ")) return text;
  let out = "";
  let at = column;
  let spaces = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === " ") {
      if (!spaces && at > WIDTH && text.charCodeAt(i + 1) !== 32) {
        out += newLine(indent);
        at = indent;
      } else {
        out += char;
        at++;
      }
      spaces = true;
    } else {
      out += char;
      at += isLowSurrogate(text, i) ? 0 : 1;
      spaces = false;
    }
  }
  return out;
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** A scalar in single quotes; a break in it is written twice, as folding asks. */
export function writeSingleQuoted(text: string, { column, indent, breaks }: Spot): string {
  let out = "'";
  let at = column + 1;
  let spaces = false;
  let inBreaks = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32) {
      const edge = i === 0 || i === text.length - 1 || text.charCodeAt(i + 1) === 32;
      if (breaks && !spaces && at > WIDTH && !edge) {
        out += newLine(indent);
        at = indent;
      } else {
        out += " ";
        at++;
      }
      spaces = true;
    } else if (isBreak(code)) {
      if (!inBreaks && code === 10) out += "\n";
      out += text.charAt(i);
      at = 0;
      inBreaks = true;
    } else {
      if (inBreaks) {
        out += " ".repeat(indent);
        at = indent;
      }
      out += code === 39 ? "''" : text.charAt(i);
      at += code === 39 ? 2 : isLowSurrogate(text, i) ? 0 : 1;
      spaces = false;
      inBreaks = false;
    }
  }
  return `${out}'`;
}

const ESCAPES = new Map<number, string>([
  [0x00, "\\0"],
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0b, "\\v"],
  [0x0c, "\\f"],
  [0x0d, "\\r"],
  [0x1b, "\\e"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x85, "\\N"],
  [0xa0, "\\_"],
  [0x2028, "\\L"],
  [0x2029, "\\P"],
]);

function escapeCharacter(point: number): string {
  const short = ESCAPES.get(point);
  if (short !== undefined) return short;
  const hex = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  if (point <= 0xffff) return `\\u${hex.padStart(4, "0")}`;
  return `\\U${hex.padStart(8, "0")}`;
}

/** Quotes, backslashes, breaks and what is not printable in the sense of libyaml. */
const ESCAPED = /[^ !#-[\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** A scalar in double quotes, with escapes for all that cannot be printed. */
export function writeDoubleQuoted(text: string, { column, indent, breaks }: Spot): string {
  let out = '"';
  let at = column + 1;
  let spaces = false;
  // libyaml looks for a byte order mark at the start of the text, whatever character it is at.
  const escapesAll = text.charCodeAt(0) === 0xfeff;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 32 && !escapesAll) {
      if (breaks && !spaces && at > WIDTH && i > 0 && i < text.length - 1) {
        out += newLine(indent);
        at = indent;
        if (text.charCodeAt(i + 1) === 32) {
          out += "\\";
          at++;
        }
      } else {
        out += " ";
        at++;
      }
      spaces = true;
      continue;
    }
    spaces = false;
    if (escapesAll || ESCAPED.test(text.charAt(i))) {
      const point = text.codePointAt(i) ?? code;
      if (point > 0xffff) i++;
      const escaped = escapeCharacter(point);
      out += escaped;
      at += escaped.length;
    } else {
      out += text.charAt(i);
      at++;
    }
  }
  return `${out}"`;
}

/** The marks behind `|` or `>`: an indent when the text begins with a blank, and the chomping. */
function blockHints(text: string): string {
  const first = text.charCodeAt(0);
  const indent = first === 32 || isBreak(first) ? "2" : "";
  if (!isBreak(text.charCodeAt(text.length - 1))) return `${indent}-`;
  const kept = text.length === 1 || isBreak(text.charCodeAt(text.length - 2));
  return kept ? `${indent}+` : indent;
}

/** A literal scalar with its header; ends without the break that follows its last line. */
export function writeLiteral(text: string, indent: number, comment = ""): string {
  const pad = " ".repeat(indent);
  let out = `|${blockHints(text)}${comment === "" ? "" : ` ${comment}`}`;
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  for (const line of body.split("\n")) out += `\n${indentLine(line, pad)}`;
  return out;
}

/** The other two line breaks of Unicode stand as they are; what follows them is indented again. */
function indentLine(line: string, pad: string): string {
  if (line === "") return "";
  if (!/[\u2028\u2029]/.test(line)) return pad + line;
  const start = /^[\u2028\u2029]/.test(line) ? "" : pad;
  return start + line.replace(/[\u2028\u2029]+(?=[^\u2028\u2029])/g, (found) => found + pad);
}

/** A folded scalar with its header; go-yaml v3 breaks no lines of its own. */
export function writeFolded(text: string, indent: number, comment = ""): string {
  let out = `>${blockHints(text)}${comment === "" ? "" : ` ${comment}`}\n`;
  let breaks = true;
  let leadingSpaces = true;
  // A break is doubled so that it is no space. libyaml means to leave that out before an indented
  // line, but looks at the start of the text instead.
  const doubles = !isSeparator(text.charCodeAt(text.search(/[^\n\r\x85\u2028\u2029]/)));
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isBreak(code)) {
      if (!breaks && !leadingSpaces && doubles && code === 10) out += "\n";
      out += text.charAt(i);
      breaks = true;
      continue;
    }
    if (breaks) {
      out += " ".repeat(indent);
      leadingSpaces = isBlank(code);
    }
    out += text.charAt(i);
    breaks = false;
  }
  return out.endsWith("\n") ? out.slice(0, -1) : out;
}
