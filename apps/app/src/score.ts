import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** How often the visitor and a sure verdict agreed. */
export interface Score {
  readonly agreed: number;
  readonly total: number;
}

const COOKIE = "hookline-score";
const MAX_TOTAL = 9_999;
const EMPTY: Score = { agreed: 0, total: 0 };

/** The score of a cookie's value; anything that cannot be one counts as no score yet. */
export function parseScore(text: string | undefined): Score {
  const [, agreed, total] = /^(\d{1,4})-(\d{1,4})$/.exec(text ?? "") ?? [];
  const score = { agreed: Number(agreed), total: Number(total) };
  return score.agreed <= score.total ? score : EMPTY;
}

/** The next score; at the limit it stays as it is. */
export function addToScore(score: Score, agreed: boolean | null): Score {
  if (agreed === null || score.total === MAX_TOTAL) return score;
  return { agreed: score.agreed + (agreed ? 1 : 0), total: score.total + 1 };
}

export function readScore(c: Context): Score {
  return parseScore(getCookie(c, COOKIE));
}

/** Kept at the visitor's, for the session of the browser; only counts, so nothing to sign or to steal. */
export function writeScore(c: Context, { agreed, total }: Score): void {
  setCookie(c, COOKIE, `${agreed}-${total}`, { path: "/", httpOnly: true, sameSite: "Strict" });
}
