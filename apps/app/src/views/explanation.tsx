/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";
import type { Explanation as ModelExplanation } from "../model-answer.ts";
import { findHost, readHost } from "../read-host.ts";
import { markUrl } from "../url-text.ts";
import { ForeignText } from "./foreign-text.tsx";
import { SiteLine } from "./site-line.tsx";
import { Spellings } from "./spellings.tsx";
import { UrlBox } from "./url-box.tsx";
import { VisibleText } from "./visible-text.tsx";
import { Weights } from "./weights.tsx";

interface ExplanationProps {
  readonly url: string;
  readonly explanation: ModelExplanation | undefined;
  /** The spellings of a host with letters beyond a to z stand elsewhere on the page. */
  readonly isSpelt: boolean;
  /** What the model says alone, where a rule decided: its weights are shown with it, on demand only. */
  readonly alone?: Child;
}

const METHOD: Readonly<Record<ModelExplanation["method"], string>> = {
  exact: "Exact: all weights together, with the model’s starting value, are its score.",
  occlusion:
    "Approximate: each part was left out in turn, and the weight is how much the score then changed.",
};

/** The URL with the parts that weighed marked, and the same as a list. Never a link. */
export function Explanation({ url, explanation, isSpelt, alone }: ExplanationProps) {
  const host = readHost(url);
  return (
    <div class="card explanation">
      <h3>{alone === undefined ? "What in the link weighed" : "The link"}</h3>
      <UrlBox>
        <MarkedUrl url={url} explanation={alone === undefined ? explanation : undefined} />
      </UrlBox>
      <SiteLine url={url} />
      {!isSpelt && host !== undefined && host.written !== host.ascii && (
        <Spellings subject="The host" host={host} />
      )}
      {alone === undefined ? (
        <Weighed explanation={explanation} isMarked={true} />
      ) : (
        <details class="not-counted">
          <summary>What the model alone would have said</summary>
          {alone}
          <Weighed explanation={explanation} isMarked={false} />
        </details>
      )}
    </div>
  );
}

interface WeighedProps extends Pick<ExplanationProps, "explanation"> {
  readonly isMarked: boolean;
}

function Weighed({ explanation, isMarked }: WeighedProps) {
  if (explanation === undefined) {
    return <p class="fine">The model gave no explanation with this answer.</p>;
  }
  return (
    <>
      <Weights explanation={explanation} isMarked={isMarked} />
      <p class="fine">{METHOD[explanation.method]}</p>
    </>
  );
}

function MarkedUrl({ url, explanation }: Pick<ExplanationProps, "url" | "explanation">) {
  const host = findHost(url);
  let at = 0;
  return (
    <>
      {markUrl(url, explanation?.parts ?? []).map(({ text, direction, strong }) => {
        const start = at;
        at += text.length;
        const shown = <UrlPiece text={text} start={start} host={host} />;
        if (direction === null) return shown;
        return <mark class={`part ${direction}${strong ? " strong" : ""}`}>{shown}</mark>;
      })}
    </>
  );
}

interface UrlPieceProps {
  readonly text: string;
  /** Where it stands in the URL. */
  readonly start: number;
  readonly host: ReturnType<typeof findHost>;
}

/** A piece of the URL; only in its host do letters that look like others lead elsewhere. */
function UrlPiece({ text, start, host }: UrlPieceProps) {
  const [from, to] = host.map((place) => Math.min(Math.max(place - start, 0), text.length));
  return (
    <>
      <VisibleText text={text.slice(0, from)} />
      <ForeignText text={text.slice(from, to)} />
      <VisibleText text={text.slice(to)} />
    </>
  );
}
