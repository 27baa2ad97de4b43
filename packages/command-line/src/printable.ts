/** Controls, and what turns the direction of a text: a terminal obeys them; a line break and a tab are text. */
const OBEYED = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal, whoever wrote what is in it: the subject of a mail or a commit, a cluster, a registry,
 * a program that was run. What a terminal would obey is shown as JSON writes it: `\u001b`.
 */
export function toPrintable(text: string): string {
  return text.replace(OBEYED, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
