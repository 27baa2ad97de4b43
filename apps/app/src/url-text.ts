import type { Part } from "./model-answer.ts";

/** A stretch of text as it is shown: characters that draw nothing, or mislead, stand as their code. */
export interface TextRun {
  readonly kind: "text" | "code";
  readonly text: string;
}

// Controls, invisible formatting (bidi overrides, zero-width, tags), lone surrogates, private use,
// every white space: nothing of this may be read past, or turn the rest of the line around.
const INVISIBLE = /[\p{C}\p{Z}\u{115F}\u{1160}\u{3164}\u{FFA0}\u{2800}]/u;

/** Splits text into what can be shown as it is and codes such as `U+202E` for what cannot. */
export function splitInvisible(text: string): TextRun[] {
  const runs: TextRun[] = [];
  let visible = "";
  for (const character of text) {
    if (!INVISIBLE.test(character)) {
      visible += character;
      continue;
    }
    if (visible !== "") runs.push({ kind: "text", text: visible });
    visible = "";
    const code = character.codePointAt(0) ?? 0;
    runs.push({ kind: "code", text: `U+${code.toString(16).toUpperCase().padStart(4, "0")}` });
  }
  if (visible !== "") runs.push({ kind: "text", text: visible });
  return runs;
}

/**
 * Splits text at what is none of the characters of ASCII: every second piece is such, with the letter that it
 * is drawn on. Neighbours stay together.
 */
export function splitForeign(text: string): string[] {
  return text.split(/((?:[\0-\x7f]?\p{M}|[^\0-\x7f])+)/u);
}

/** The same as one text, for a sentence that quotes it. */
export function showInvisible(text: string): string {
  return splitInvisible(text)
    .map((run) => run.text)
    .join("");
}

export type Direction = "phishing" | "legitimate";

/** A stretch of the URL, and how it moved the score. */
export interface MarkedRun {
  readonly text: string;
  readonly direction: Direction | null;
  readonly strong: boolean;
}

// Below a tenth of the heaviest part a mark would only be noise; from half of it on it is drawn strong.
const FAINT = 0.1;
const STRONG = 0.5;

/**
 * Cuts the URL at the parts that weighed; the texts of the runs, joined, are the URL again.
 *
 * Parts outside the URL are ignored, and where two overlap the heavier one is drawn.
 */
export function markUrl(url: string, parts: readonly Part[]): MarkedRun[] {
  const heaviest = Math.max(0, ...parts.map(({ weight }) => Math.abs(weight)));
  const weights = new Float64Array(url.length);
  for (const { start, end, weight } of parts) {
    if (start >= end || end > url.length) continue;
    for (let unit = start; unit < end; unit += 1) {
      if (Math.abs(weight) > Math.abs(weights[unit] ?? 0)) weights[unit] = weight;
    }
  }
  const runs: { text: string; direction: Direction | null; strong: boolean }[] = [];
  let unit = 0;
  // By code point, so that a cut never falls inside an emoji.
  for (const character of url) {
    const weight = weights[unit] ?? 0;
    unit += character.length;
    const share = heaviest === 0 ? 0 : Math.abs(weight) / heaviest;
    const direction = share < FAINT ? null : toDirection(weight);
    const strong = direction !== null && share >= STRONG;
    const last = runs.at(-1);
    if (last?.direction === direction && last.strong === strong) last.text += character;
    else runs.push({ text: character, direction, strong });
  }
  return runs;
}

/** Which verdict a weight speaks for. */
export function toDirection(weight: number): Direction {
  return weight > 0 ? "phishing" : "legitimate";
}
