// What a link begins with, and a host with at least two labels; neither has white space.
const ADDRESS = /(?:https?:\/\/|www\.)\S+/iu;
const HOST = /^(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]+(?::\d+)?(?:[/?#]\S*)?$/u;
const OPENING = /^[<([{"'“„‘«]+/u;
const CLOSING = /[>\]}"'”’»,.;:!?]+$/u;

/** The one link in a text of several words; undefined where there is none, or more than one. */
export function findLoneLink(text: string): string | undefined {
  const words = text.trim().split(/\s+/u);
  if (words.length < 2) return undefined;
  const [link, ...others] = words.flatMap(readLink);
  return others.length === 0 ? link : undefined;
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
