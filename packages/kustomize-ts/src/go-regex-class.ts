// The parts of a Go regular expression that stand for one character (regexp/syntax of Go).

/** A mistake in an expression, in the words of Go. */
export class RegexError extends Error {
  override name = "RegexError";
  constructor(problem: string, part: string) {
    super(`error parsing regexp: ${problem}: \`${part}\``);
  }
}

/** A place in an expression. */
export interface RegexInput {
  readonly chars: readonly string[];
  at: number;
}

/** The text from a place to where the input is now, or to the end. */
export function textSince({ chars, at }: RegexInput, start: number, end = at): string {
  return chars.slice(start, end).join("");
}

/** One character as an expression of JavaScript, safe inside of a class and outside. */
export function quote(char: string): string {
  return /^[A-Za-z0-9]$/.test(char) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

const PERL: Readonly<Record<string, string>> = {
  d: "0-9",
  s: "\\t\\n\\f\\r\\u{20}",
  w: "0-9A-Za-z\\u{5f}",
};

const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\u{0}-\\u{7f}",
  blank: "\\t\\u{20}",
  cntrl: "\\u{0}-\\u{1f}\\u{7f}",
  digit: "0-9",
  graph: "\\u{21}-\\u{7e}",
  lower: "a-z",
  print: "\\u{20}-\\u{7e}",
  punct: "\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}",
  space: "\\t\\n\\v\\f\\r\\u{20}",
  upper: "A-Z",
  word: "0-9A-Za-z\\u{5f}",
  xdigit: "0-9A-Fa-f",
};

/** `\d`, `\pL` and the like at the place, as a class; `undefined` when there is none. */
export function readNamedClass(input: RegexInput): string | undefined {
  const { chars, at } = input;
  const letter = chars[at + 1] ?? "";
  if (chars[at] !== "\\") return undefined;
  if (letter === "p" || letter === "P") return readUnicodeClass(input);
  const set = PERL[letter.toLowerCase()];
  if (set === undefined) return undefined;
  input.at += 2;
  return letter === letter.toLowerCase() ? `[${set}]` : `[^${set}]`;
}

function readUnicodeClass(input: RegexInput): string {
  const start = input.at;
  const { chars } = input;
  const end = chars[start + 2] === "{" ? chars.indexOf("}", start) + 1 : start + 3;
  const text = textSince(input, start, end);
  const [, kind = "", braced, single] = /^\\([pP])(?:\{(.*?)\}|([^{]))/su.exec(text) ?? [];
  if (kind === "") {
    throw new RegexError("invalid character class range", textSince(input, start, chars.length));
  }
  input.at = end;
  const name = (braced ?? single ?? "").replace(/^\^/, "");
  const isNegated = (kind === "P") !== (braced?.startsWith("^") === true);
  if (name === "Any") return isNegated ? "[^\\s\\S]" : "[\\s\\S]";
  for (const property of [`General_Category=${name}`, `Script=${name}`]) {
    const source = `\\${isNegated ? "P" : "p"}{${property}}`;
    if (isRegex(source)) return `[${source}]`;
  }
  throw new RegexError("invalid character class range", text);
}

function isRegex(source: string): boolean {
  try {
    return new RegExp(source, "v").source !== "";
  } catch {
    return false;
  }
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: "\u0007",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The character of an escape such as `\n`, `\x41`, `\.`; throws for one that Go does not have. */
export function readEscape(input: RegexInput): string {
  const start = input.at;
  const { chars } = input;
  const letter = chars[start + 1];
  if (letter === undefined) throw new RegexError("trailing backslash at end of expression", "");
  const end = chars[start + 2] === "{" ? chars.indexOf("}", start) + 1 : start + 4;
  const rest = textSince({ chars, at: end }, start + 1);
  const number =
    /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)?.[0] ??
    /^x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]+\})/.exec(rest)?.[0];
  if (number !== undefined) {
    input.at += 1 + number.length;
    const code = number.startsWith("x")
      ? Number.parseInt(number.replaceAll(/[x{}]/g, ""), 16)
      : Number.parseInt(number, 8);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
  }
  input.at = start + 2;
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  if (/^[\0-\x7f]$/.test(letter) && !/[A-Za-z0-9]/.test(letter)) return letter;
  throw new RegexError("invalid escape sequence", textSince(input, start));
}

/** A class in brackets, the place at its `[`. */
export function readClass(input: RegexInput): string {
  const start = input.at++;
  const isNegated = input.chars[input.at] === "^";
  if (isNegated) input.at++;
  let set = "";
  for (let isFirst = true; isFirst || input.chars[input.at] !== "]"; isFirst = false) {
    if (input.at >= input.chars.length) throw unclosed(input, start);
    set += readPosixClass(input) ?? readNamedClass(input) ?? readRange(input, start);
  }
  input.at++;
  return `[${isNegated ? "^" : ""}${set}]`;
}

function unclosed(input: RegexInput, start: number): RegexError {
  return new RegexError("missing closing ]", textSince(input, start, input.chars.length));
}

function readPosixClass(input: RegexInput): string | undefined {
  if (input.chars[input.at] !== "[" || input.chars[input.at + 1] !== ":") return undefined;
  const rest = textSince(input, input.at, input.chars.length);
  const [text, caret, name = ""] = /^\[:(\^?)(.*?):\]/su.exec(rest) ?? [];
  if (text === undefined) return undefined;
  const set = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  if (set === undefined) throw new RegexError("invalid character class range", text);
  input.at += [...text].length;
  return `[${caret}${set}]`;
}

function readRange(input: RegexInput, start: number): string {
  const from = input.at;
  const low = readClassChar(input, start);
  const next = input.chars[input.at + 1];
  if (input.chars[input.at] !== "-" || next === "]" || next === undefined) return quote(low);
  input.at++;
  const high = readClassChar(input, start);
  if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) {
    throw new RegexError("invalid character class range", textSince(input, from));
  }
  return `${quote(low)}-${quote(high)}`;
}

function readClassChar(input: RegexInput, start: number): string {
  const char = input.chars[input.at];
  if (char === undefined) throw unclosed(input, start);
  if (char === "\\") return readEscape(input);
  input.at++;
  return char;
}
