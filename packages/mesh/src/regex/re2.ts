import { buildProgram, createMatcher } from "./automaton.ts";
import { parseRegex } from "./parse.ts";
import { toJavaScript } from "./syntax.ts";

/** Whether a whole text matches, as Envoy's safe_regex asks RE2. Throws a RegexError. */
export function compileRegex(pattern: string): (text: string) => boolean {
  return createMatcher(buildProgram(parseRegex(pattern)));
}

/**
 * Replaces every match, as RE2::GlobalReplace does for Envoy's regex_rewrite: \1 to \9 are groups,
 * \0 the match, \\ a backslash. JavaScript's engine does it, since places of groups are needed: a
 * pattern like (a+)+ can take long there on a long path. Throws a RegexError.
 */
export function compileReplace(pattern: string, substitution: string): (text: string) => string {
  const regex = new RegExp(toJavaScript(parseRegex(pattern)), "gu");
  const replacement = substitution
    .replaceAll("$", "$$$$")
    .replace(/\\(\d|\\)/g, (_, digit: string) =>
      digit === "\\" ? "\\" : digit === "0" ? "$&" : `$${digit}`,
    );
  return (text) => text.replace(regex, replacement);
}
