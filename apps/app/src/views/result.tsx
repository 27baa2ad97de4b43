/** @jsxImportSource hono/jsx */
import type { Outcome } from "../check.ts";
import type { ModelAnswer } from "../model-answer.ts";
import { formatPercent } from "../natural-frequency.ts";
import { Badge } from "./badge.tsx";
import { BaseRates } from "./base-rates.tsx";
import { BrandNote } from "./brand-note.tsx";
import { Explanation } from "./explanation.tsx";
import { Scale } from "./scale.tsx";

export type Judged = Extract<Outcome, { kind: "judged" }>;

/** The verdict of the model and everything that stands behind it. */
export function Result({ outcome }: { readonly outcome: Judged }) {
  const { answer, verdict, url } = outcome;
  return (
    <section id="result" class="result" tabindex={-1} aria-labelledby="verdict">
      <div class={`card verdict verdict-${verdict.toLowerCase()}`}>
        <h2 id="verdict">
          <Badge verdict={verdict} />
          {verdict}
        </h2>
        <p class="lead">{advise(outcome)}</p>
        <p class="comparison">{compareGuess(outcome)}</p>
        {answer.brand !== null && (
          <BrandNote finding={answer.brand} decided={answer.decidedBy === "brand-rule"} />
        )}
        <ModelScore answer={answer} />
      </div>
      <Explanation url={url} explanation={answer.explanation} />
      <BaseRates rates={answer.atBaseRate} isOverruled={answer.decidedBy === "brand-rule"} />
    </section>
  );
}

const ADVICE: Readonly<Record<Judged["verdict"], string>> = {
  Phishing: "Do not open this link, and do not sign in or pay on a page it leads to.",
  Legitimate: "Taken as a whole, the text of this URL does not look like phishing to the model.",
  Unsure: "The model cannot tell. In this band it is wrong too often to give you a verdict.",
};

const SHORTENED =
  "This link only forwards to another. Its text does not say to which, so it cannot be judged by its text.";

const PRIVATE =
  "This address is of a private network or of your own device. What answers there depends on where you are, so it cannot be judged by its text.";

/** A listed domain is called legitimate by its owner, whatever the model makes of the rest of the URL. */
function advise({ verdict, answer }: Judged): string {
  if (answer.decidedBy === "shortener-rule") return SHORTENED;
  if (answer.decidedBy === "private-host-rule") return PRIVATE;
  return verdict === "Legitimate" && answer.decidedBy === "brand-rule"
    ? "This address is on a domain of a brand that we know."
    : ADVICE[verdict];
}

function compareGuess({ guess, agreed, verdict }: Judged): string {
  if (guess === null) return "You made no guess.";
  if (agreed === null) return `You said ${guess}. An unsure verdict does not count for your score.`;
  return agreed
    ? `You said ${guess}, and so does the verdict.`
    : `You said ${guess}. The verdict is ${verdict.toLowerCase()}.`;
}

function ModelScore({ answer }: { readonly answer: ModelAnswer }) {
  const { probability, threshold, band, model } = answer;
  return (
    <div class="model-score">
      <h3>The model’s score</h3>
      <p>
        <strong class="figure">{formatPercent(probability)}</strong> likely phishing, by the test
        mix it was calibrated on
      </p>
      <Scale probability={probability} threshold={threshold} band={band} />
      <p class="fine">
        Below {formatPercent(band.low)} it says legitimate, from {formatPercent(threshold)} phishing
        {band.low < band.high && ", between the two unsure"}. Model {model.name} {model.version}.
      </p>
    </div>
  );
}
