/** @jsxImportSource hono/jsx */
import type { Explanation } from "../model-answer.ts";
import { toDirection } from "../url-text.ts";
import { ForeignText } from "./foreign-text.tsx";
import { describeLexical, hasEscapes } from "./lexical-name.ts";
import { VisibleText } from "./visible-text.tsx";

const SHOWN = 8;
const MAX_TEXT = 60;

interface Row {
  /** Part of the URL, quoted as it is; null for a measure of the whole. */
  readonly quoted: string | null;
  readonly isHost: boolean;
  readonly where: string;
  readonly weight: number;
}

interface WeightsProps {
  readonly explanation: Explanation;
  /** Whether the URL beside the list has the marks that the legend tells of. */
  readonly isMarked: boolean;
}

/** The heaviest parts as a list with signs, for everyone who cannot or does not want to see colours. */
export function Weights({ explanation, isMarked }: WeightsProps) {
  const rows = pickRows(explanation);
  const heaviest = Math.abs(rows[0]?.weight ?? 0);
  if (heaviest === 0) return <p>No single part stands out.</p>;
  return (
    <>
      {isMarked && (
        <p class="legend">
          A <mark class="part phishing">solid line</mark> speaks for phishing, a{" "}
          <mark class="part legitimate">dotted line</mark> for legitimate; the thicker, the more.
        </p>
      )}
      <ol class="weights">
        {rows.map(({ quoted, isHost, where, weight }) => {
          const direction = toDirection(weight);
          const share = `${((100 * Math.abs(weight)) / heaviest).toFixed(1)}%`;
          return (
            <li class={direction}>
              <span class="what">
                {quoted !== null && (
                  <bdi class="quoted" dir="ltr">
                    {isHost ? <ForeignText text={quoted} /> : <VisibleText text={quoted} />}
                  </bdi>
                )}{" "}
                <span class="where">{where}</span>
              </span>{" "}
              <span class="sign">
                {weight > 0 ? "▲" : "▼"} {direction} {formatWeight(weight)}
              </span>
              <svg class="bar" width="100%" height="6" aria-hidden="true" focusable="false">
                <rect width={share} height="6" rx="3" />
              </svg>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function pickRows({ parts, lexical }: Explanation): Row[] {
  const isEscaped = hasEscapes(lexical);
  const rows: Row[] = [
    ...parts.map(({ text, segment, weight }) => ({
      quoted: shorten(text),
      isHost: segment === "host",
      where: segment === "url" ? "in the link" : `in the ${segment}`,
      weight,
    })),
    ...lexical.map(({ name, weight }) => ({
      quoted: null,
      isHost: false,
      where: describeLexical(name, { isEscaped }),
      weight,
    })),
  ];
  return rows
    .filter(({ weight }) => Math.abs(weight) >= 0.005)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, SHOWN);
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_TEXT ? text : `${characters.slice(0, MAX_TEXT).join("")}…`;
}

/** With a true minus sign, which screen readers read and which is as wide as the plus. */
function formatWeight(weight: number): string {
  return `${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(2)}`;
}
