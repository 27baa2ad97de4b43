import { BuildError } from "../errors.ts";

/** The kinds of token, as libyaml has them. */
export const Token = {
  streamEnd: 0,
  documentStart: 1,
  documentEnd: 2,
  blockSequenceStart: 3,
  blockMappingStart: 4,
  blockEnd: 5,
  flowSequenceStart: 6,
  flowSequenceEnd: 7,
  flowMappingStart: 8,
  flowMappingEnd: 9,
  blockEntry: 10,
  flowEntry: 11,
  key: 12,
  value: 13,
  alias: 14,
  anchor: 15,
  tag: 16,
  scalar: 17,
  directive: 18,
} as const;

/** A place in the text; all three counted from 0. */
export interface Mark {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** A key that may turn out to be one when its colon is met. */
export interface SimpleKey extends Mark {
  possible: boolean;
  readonly required: boolean;
  readonly tokenNumber: number;
}

export interface ScannedToken extends Mark {
  readonly type: number;
  /** The text of a scalar, the name of an anchor, the handle of a tag. */
  readonly value: string;
  /** The rest of a tag after its handle. */
  readonly suffix: string;
  readonly style: number;
  key: SimpleKey | undefined;
}

/** A comment and the token it stands at; what it belongs to is decided by the parser. */
export interface Comment {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly index: number;
  /** Whether something other than blanks stands before it on its line. */
  readonly trailing: boolean;
}

/** Everything the scanner knows; one object, so that its parts can stand in separate files. */
export interface ScanState {
  /** The text, with four NULs behind it that end every look ahead. */
  readonly text: string;
  readonly file: string;
  /** go-yaml v2 and v3 name another line for the same mistake. */
  readonly dialect: "v2" | "v3";
  readonly comments: Comment[] | undefined;
  /** The lines of the file before this text. */
  readonly lineOffset: number;
  pos: number;
  line: number;
  lineStart: number;
  tokens: ScannedToken[];
  head: number;
  taken: number;
  indent: number;
  indents: number[];
  keys: SimpleKey[];
  keyAllowed: boolean;
  flowLevel: number;
}

export function columnOf(s: ScanState): number {
  return s.pos - s.lineStart;
}

export function markOf(s: ScanState): Mark {
  return { index: s.pos, line: s.line, column: s.pos - s.lineStart };
}

export function createToken(
  type: number,
  { index, line, column }: Mark,
  value = "",
  suffix = "",
  style = 0,
): ScannedToken {
  return { type, index, line, column, value, suffix, style, key: undefined };
}

/** The error of a scanner: its line is the one of the construct that was being read. */
export function scanError(s: ScanState, problem: string, context?: Mark): BuildError {
  return syntaxError(s, problem, { context, problem: markOf(s), shift: 1 });
}

/**
 * The error with the line that go-yaml names (`parser.fail` in decode.go): a parser's line counts
 * from 0, a scanner's from 1, and line 0 is not named at all.
 */
export function syntaxError(
  s: Pick<ScanState, "dialect" | "file" | "lineOffset">,
  problem: string,
  at: { context: Mark | undefined; problem: Mark; shift: 0 | 1 },
): BuildError {
  const order = s.dialect === "v3" ? [at.context, at.problem] : [at.problem, at.context];
  const mark = order.find((candidate) => candidate !== undefined && candidate.line !== 0);
  const where = mark === undefined ? "" : `line ${mark.line + at.shift}: `;
  const place = {
    file: s.file,
    line: at.problem.line + s.lineOffset + 1,
    column: at.problem.column + 1,
  };
  return new BuildError("YAML_SYNTAX", `yaml: ${where}${problem}`, place);
}

/** LF, CR, NEL, LS or PS: what ends a line in YAML 1.1. */
export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** A break, or the end of the text. */
export function isBreakOrEnd(code: number): boolean {
  return (
    code === 10 || code === 0 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029
  );
}

/** A blank, a break or the end. */
export function isSeparator(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || isBreakOrEnd(code);
}

/** Steps over one line break and gives the text it stands for. */
export function takeBreak(s: ScanState): string {
  const code = s.text.charCodeAt(s.pos);
  s.pos += code === 13 && s.text.charCodeAt(s.pos + 1) === 10 ? 2 : 1;
  s.line++;
  s.lineStart = s.pos;
  return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
}

/** Whether `---` or `...` stands at the start of a line here. */
export function isDocumentIndicator(s: ScanState): boolean {
  if (s.pos !== s.lineStart) return false;
  const { text, pos } = s;
  const code = text.charCodeAt(pos);
  if (code !== 0x2d && code !== 0x2e) return false;
  return (
    text.charCodeAt(pos + 1) === code &&
    text.charCodeAt(pos + 2) === code &&
    isSeparator(text.charCodeAt(pos + 3))
  );
}
