/** @jsxImportSource hono/jsx */
import type { Outcome } from "../check.ts";
import { findInnerLink } from "../inner-link.ts";
import type { ModelAnswer } from "../model-answer.ts";
import { formatApart } from "../natural-frequency.ts";
import { Badge } from "./badge.tsx";
import { BaseRates } from "./base-rates.tsx";
import { BrandNote, tellsSpellings } from "./brand-note.tsx";
import { Explanation } from "./explanation.tsx";
import { Scale } from "./scale.tsx";
import { VisibleText } from "./visible-text.tsx";

export type Judged = Extract<Outcome, { kind: "judged" }>;

/** The verdict of the model and everything that stands behind it. */
export function Result({ outcome }: { readonly outcome: Judged }) {
  const { answer, verdict, url } = outcome;
  const isOverruled = answer.decidedBy !== "model";
  return (
    <section id="result" class="result" tabindex={-1} aria-labelledby="verdict">
      <div class={`card verdict verdict-${verdict.toLowerCase()}`}>
        <h2 id="verdict">
          <Badge verdict={verdict} />
          {verdict}
        </h2>
        <p class="lead">{advise(outcome)}</p>
        <NextStep outcome={outcome} />
        {answer.decidedBy === "shortener-rule" && <InnerLink url={url} />}
        <p class="comparison">{compareGuess(outcome)}</p>
        {answer.brand !== null && (
          <BrandNote url={url} finding={answer.brand} decided={answer.decidedBy === "brand-rule"} />
        )}
        {!isOverruled && <ModelScore answer={answer} />}
      </div>
      <Explanation
        url={url}
        explanation={answer.explanation}
        isSpelt={tellsSpellings(answer.brand)}
        alone={isOverruled ? <ScoreAlone answer={answer} /> : undefined}
      />
      {/* What a score means elsewhere says nothing about a verdict that it did not make. */}
      {!isOverruled && <BaseRates rates={answer.atBaseRate} />}
    </section>
  );
}

const ADVICE: Readonly<Record<Judged["verdict"], string>> = {
  Phishing: "Do not open this link, and do not sign in or pay on a page it leads to.",
  Legitimate: "Taken as a whole, the text of this link does not look like phishing to the model.",
  Unsure:
    "The model cannot tell. With a score like this it is wrong too often to give you a verdict.",
};

// What is said of a verdict by rule, unless it is phishing.
const RULED: ReadonlyMap<string, string> = new Map([
  ["brand-rule", "This address is on a domain that we know."],
  [
    "shortener-rule",
    "This link only forwards to another. Its text alone does not say where you would end up, so it cannot be judged.",
  ],
  [
    "private-host-rule",
    "This address is of a private network or of your own device. What answers there depends on where you are, so it cannot be judged by its text.",
  ],
  [
    "open-host-rule",
    "On this host, or this part of it, anyone can publish, so its text says too little about who stands behind the page.",
  ],
]);

/** What a rule decided is said as the rule's: the model may think otherwise. */
function advise(outcome: Judged): string {
  const { verdict, answer } = outcome;
  const { decidedBy } = answer;
  if (verdict === "Phishing" || decidedBy === "model") return ADVICE[verdict];
  return RULED.get(decidedBy) ?? "A rule decided this, not the model.";
}

/** What to do now, where the verdict alone does not say so. */
function NextStep({ outcome: { verdict, answer } }: { readonly outcome: Judged }) {
  if (verdict === "Unsure") {
    return (
      <p class="next">
        Treat it with care: do not sign in or pay there until the sender has told you, in another
        way, that it is theirs.
      </p>
    );
  }
  if (verdict === "Phishing" || answer.decidedBy !== "model") return null;
  return (
    <p class="next">
      That is no promise: to sign in or pay, open the site yourself and not by a link you got.
    </p>
  );
}

/** What a forwarding link seems to forward to: it may be bait, so no verdict is made of it here. */
function InnerLink({ url }: { readonly url: string }) {
  const link = findInnerLink(url);
  if (link === undefined) return null;
  return (
    <p class="inner-link">
      Inside it stands{" "}
      <bdi class="quoted" dir="ltr">
        <VisibleText text={link} />
      </bdi>
      . Check that one, too; this link may still lead elsewhere.
    </p>
  );
}

function compareGuess({ guess, agreed, verdict }: Judged): string {
  if (guess === null) return "You made no guess, so this does not count for your score.";
  if (agreed === null) return `You said ${guess}. An unsure verdict does not count for your score.`;
  return agreed
    ? `You said ${guess}, and so does the verdict.`
    : `You said ${guess}. The verdict is ${verdict.toLowerCase()}.`;
}

function ModelScore({ answer }: { readonly answer: ModelAnswer }) {
  return (
    <div class="model-score">
      <h3>The model’s score</h3>
      <p>
        <strong class="figure">{formatFor(answer)(answer.probability)}</strong> likely phishing,
        among the links that it was tested on
      </p>
      <Scale {...answer} isNeutral={false} />
      <Borders answer={answer} />
    </div>
  );
}

/** The score where a rule decided: without the colours of a verdict, for it made none. */
function ScoreAlone({ answer }: { readonly answer: ModelAnswer }) {
  return (
    <>
      <p>
        A rule decided this, so the score did not count: alone, the model gives{" "}
        {formatFor(answer)(answer.probability)} likely phishing, which it calls {callAlone(answer)}.
      </p>
      <Scale {...answer} isNeutral={true} />
      <Borders answer={answer} />
    </>
  );
}

function callAlone({ probability, threshold, band }: ModelAnswer): string {
  if (probability >= threshold) return "phishing";
  return probability < band.low ? "legitimate" : "unsure";
}

/** Writes the score and the borders beside it. */
function formatFor({ probability, threshold, band }: ModelAnswer) {
  return formatApart([probability, threshold, band.low]);
}

/** Where the model's verdicts begin, and which model it is. */
function Borders({ answer }: { readonly answer: ModelAnswer }) {
  const { threshold, band, model } = answer;
  const format = formatFor(answer);
  return (
    <p class="fine">
      Below {format(band.low)} it says legitimate, from {format(threshold)} phishing
      {band.low < band.high && ", between the two unsure"}. Model {model.name} {model.version}.
    </p>
  );
}
