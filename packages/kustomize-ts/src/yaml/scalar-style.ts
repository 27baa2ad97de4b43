/** In which forms a text may be written (libyaml's `analyze_scalar`, for block context). */
export interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
  /** Whether it may stand plain inside a flow collection. */
  readonly flowPlain: boolean;
}

// Expressions, not loops: the texts may be long, and a command runs without the optimiser.

/** Not printable in the sense of libyaml, which has nothing outside the basic plane; nor a tab. */
const UNPRINTABLE = /[^\t\n -~\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** The breaks that are printable: a text with another one is always in double quotes. */
const BREAK = /[\n\u2028\u2029]/;
const SPACE_BEFORE_BREAK = / [\n\u2028\u2029]/;
const SPACE_BESIDE_BREAK = / [\n\u2028\u2029]|[\n\u2028\u2029] /;

/** What a text that stands plain would be taken for something else by: in block, in flow context. */
const INDICATORS = /^(?:[#,[\]{}&*!|>'"%@`]|[-?](?: |$)|---|\.\.\.)|:(?: |$)| #/;
const FLOW_INDICATORS = /^(?:[#&*!|>'"%@`]|-(?: |$)|---|\.\.\.)|[,?[\]{}:]| #/;

/** With `tabs` set to "own", as go-yaml v3 does, a tab may stand in a block scalar. */
export function analyzeScalar(text: string, tabs: "own" | "special"): Analysis {
  if (text === "") {
    return { multiline: false, plain: true, singleQuoted: true, block: false, flowPlain: false };
  }
  const unprintable = UNPRINTABLE.test(text);
  const quotable = !(unprintable || text.includes("\t"));
  const multiline = BREAK.test(text);
  const trailingSpace = text.endsWith(" ");
  const plain = quotable && !(multiline || trailingSpace || text.startsWith(" "));
  const printable = tabs === "own" ? !unprintable : quotable;
  return {
    multiline,
    plain: plain && !INDICATORS.test(text),
    flowPlain: plain && !FLOW_INDICATORS.test(text),
    singleQuoted: quotable && !SPACE_BESIDE_BREAK.test(text),
    block: printable && !(trailingSpace || SPACE_BEFORE_BREAK.test(text)),
  };
}
