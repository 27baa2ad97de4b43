// What a link begins with, up to white space, a quote or an angle bracket; and a host with at least two labels.
// A name without a dot counts where a port or a path follows: alone it may be the first half of a host.
const ADDRESS = /(?:https?:\/\/[^\s"<>/?#.:]+[/?#.:]|www\.)[^\s"<>]*/iu;
const HOST = /^(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+(?::\d+)?(?:[/?#]\S*)?$/u;
const OPENING = /^[<([{"'“„‘«]+/u;
const CLOSING = /[>\]}"'”’»,.;:!?]+$/u;
/** Where a link of HTML or of Markdown leads, whatever is written on it. */
const TARGET = /\bhref=["']?(https?:\/\/[^\s"'<>]+)|\]\(<?(https?:\/\/[^\s<>)]+)/giu;
const PROGRAM = /^\s*(?:javascript|data|vbscript):/iu;

/**
 * The links that stand in a text which is none itself, each once. A program or a page that is written
 * as a link holds none: what it does is not where its links lead. The text is as long as a URL may be:
 * marks that follow each other are looked at once for each.
 */
export function findLinks(text: string): string[] {
  if (PROGRAM.test(text)) return [];
  const targets = Array.from(text.matchAll(TARGET), ([, html, markdown = ""]) => html ?? markdown);
  if (targets.length > 0) return [...new Set(targets)];
  const words = text.trim().split(/\s+/u);
  const links = new Set(words.flatMap(readLink));
  if (words.length > 1) return [...links];
  // A word that begins with its link is all of what was refused.
  return [...links].filter((link) => !text.trim().replace(OPENING, "").startsWith(link));
}

/** The link that a word holds, without the marks of the sentence around it. */
function readLink(word: string): string[] {
  const bare = trimEnd(word.replace(OPENING, ""));
  const address = ADDRESS.exec(bare)?.[0];
  if (address !== undefined) return [address];
  return HOST.test(bare) ? [bare] : [];
}

/** A bracket at the end belongs to the sentence unless it closes one of the link itself. */
function trimEnd(word: string): string {
  const cut = word.replace(CLOSING, "");
  return cut.endsWith(")") && !cut.includes("(") ? trimEnd(cut.slice(0, -1)) : cut;
}
