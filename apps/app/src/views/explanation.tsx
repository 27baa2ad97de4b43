/** @jsxImportSource hono/jsx */
import type { Explanation as ModelExplanation } from "../model-answer.ts";
import { markUrl } from "../url-text.ts";
import { UrlBox } from "./url-box.tsx";
import { VisibleText } from "./visible-text.tsx";
import { Weights } from "./weights.tsx";

interface ExplanationProps {
  readonly url: string;
  readonly explanation: ModelExplanation | undefined;
}

const METHOD: Readonly<Record<ModelExplanation["method"], string>> = {
  exact: "Exact: all weights together, with the model’s starting value, are its score.",
  occlusion:
    "Approximate: each part was left out in turn, and the weight is how much the score then changed.",
};

/** The URL with the parts that weighed marked, and the same as a list. Never a link. */
export function Explanation({ url, explanation }: ExplanationProps) {
  return (
    <div class="card explanation">
      <h3>What in the URL weighed</h3>
      <UrlBox>
        {markUrl(url, explanation?.parts ?? []).map(({ text, direction, strong }) =>
          direction === null ? (
            <VisibleText text={text} />
          ) : (
            <mark class={`part ${direction}${strong ? " strong" : ""}`}>
              <VisibleText text={text} />
            </mark>
          ),
        )}
      </UrlBox>
      {explanation === undefined ? (
        <p class="fine">The model gave no explanation with this answer.</p>
      ) : (
        <>
          <Weights explanation={explanation} />
          <p class="fine">{METHOD[explanation.method]}</p>
        </>
      )}
    </div>
  );
}
