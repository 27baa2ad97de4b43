import { MOST_CHARACTERS } from "../schemas.ts";

/** What is never the first or the last character of a link: quotes of all kinds, and marks for bold or code. */
const MARKS = "\"'<>`*„“”‚‘’«»‹›";
const SENTENCE = ",;:!.";
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
/** An address in brackets is a host. */
const V6 = /^\[[0-9a-f.]*:[0-9a-f:.]*\]/i;

/**
 * Puts blanks in the place of what a link was copied with: quotes, brackets around it, punctuation of
 * the sentence. So every other character keeps its place, which explanations point at.
 *
 * A closing bracket goes when the link did not open it (`/Foo_(bar)` keeps its own). Here and not in
 * lib-ml: of the rows of training more than 1 in 5,000 end so, and are what the models have learnt.
 */
export function trimEdges(text: string): string {
  // Nearly every link, and what is refused.
  if (text.length > MOST_CHARACTERS || /^[a-z0-9].*[a-z0-9/=_-]$/is.test(text)) return text;
  let from = 0;
  while (from < text.length && isOpening(text, from)) from += 1;
  const to = findEnd(text, from);
  return " ".repeat(from) + text.slice(from, to) + " ".repeat(text.length - to);
}

function isOpening(text: string, at: number): boolean {
  const char = text.charAt(at);
  if (char === "[") return !V6.test(text.slice(at));
  return char === "(" || char === "{" || isMark(char);
}

function findEnd(text: string, from: number): number {
  const excess = new Map(
    Object.entries(BRACKETS).map(([close, open]) => [
      close,
      count(text, close, from) - count(text, open, from),
    ]),
  );
  for (let to = text.length; to > from; to -= 1) {
    const char = text.charAt(to - 1);
    const left = excess.get(char) ?? 0;
    if (left > 0) excess.set(char, left - 1);
    else if (!isMark(char) && !isSentenceEnd(text, to)) return to;
  }
  return from;
}

/** Of dots, only a lone one: `/..` is a step up, and three are a part of what was copied. */
function isSentenceEnd(text: string, to: number): boolean {
  const char = text.charAt(to - 1);
  return char === "." ? !"./\\".includes(text.charAt(to - 2)) : SENTENCE.includes(char);
}

function isMark(char: string): boolean {
  return char.trim() === "" || MARKS.includes(char);
}

function count(text: string, char: string, from: number): number {
  let found = 0;
  for (let at = text.indexOf(char, from); at >= 0; at = text.indexOf(char, at + 1)) found += 1;
  return found;
}
