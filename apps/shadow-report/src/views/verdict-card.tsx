/** @jsxImportSource hono/jsx */

import { formatAmount, formatCount } from "../format-amount.ts";
import type { Summary } from "../summary.ts";
import { formatShare } from "./format.ts";

const CLASSES = { promote: "good", "keep watching": "open", reject: "bad" } as const;
const WORDS = { promote: "Promote", "keep watching": "Keep watching", reject: "Reject" } as const;

type Verdict = Summary["verdict"];

/** What the tests say, why, and how sure one may be of it. */
export function VerdictCard({ verdict }: { readonly verdict: Verdict }) {
  const { falseReject, falsePromote, lean } = verdict;
  return (
    <section class={`card verdict ${CLASSES[verdict.verdict]}`} aria-labelledby="verdict">
      <h2 id="verdict">
        <span class="mark" aria-hidden="true"></span>
        {WORDS[verdict.verdict]}
      </h2>
      <ul>
        {verdict.reasons.map((reason) => (
          <li>{reason}</li>
        ))}
      </ul>
      <TestRow name="New warnings" test={verdict.newWarnings} />
      <TestRow name="Lost warnings" test={verdict.lostWarnings} />
      <p class="soft">
        {formatAmount(verdict.urls, "URL")} since {verdict.since.slice(0, 16).replace("T", " ")}{" "}
        UTC, each counted once. However often you look: a tolerable model is rejected with
        probability {formatShare(falseReject)} at most, an intolerable one promoted with{" "}
        {formatShare(falsePromote)} at most. {describeLean(lean)}
      </p>
    </section>
  );
}

function describeLean({ newWarnings, lostWarnings, pValue }: Verdict["lean"]): string {
  if (newWarnings + lostWarnings === 0) {
    return "";
  }
  const adding = `${formatAmount(newWarnings, "disagreement")} ${newWarnings === 1 ? "adds" : "add"}`;
  const tally = `${adding} a warning, ${formatCount(lostWarnings)} ${lostWarnings === 1 ? "takes" : "take"} one away`;
  return pValue > 0.05
    ? `${tally}: no lean is shown.`
    : `${tally}: they lean one way (p ≤ ${pValue < 0.001 ? "0.001" : pValue.toFixed(3)}).`;
}

interface TestRowProps {
  readonly name: string;
  readonly test: Verdict["newWarnings"];
}

/** How far a test has come, on the way from its pass on the left to its alarm on the right. */
function TestRow({ name, test }: TestRowProps) {
  const { logRatio, limits, share, tolerated, intolerable, verdict } = test;
  const way = (logRatio - limits.pass) / (limits.alarm - limits.pass);
  const at = `${(100 * Math.min(1, Math.max(0, way))).toFixed(2)}%`;
  const start = `${((100 * -limits.pass) / (limits.alarm - limits.pass)).toFixed(2)}%`;
  const label = `${name}: ${verdict}, ${formatShare(share)} of the URLs`;
  return (
    <div class="test">
      <p>
        <strong>{name}</strong> {formatShare(share)} of the URLs; {formatShare(tolerated)}{" "}
        tolerated, {formatShare(intolerable)} intolerable: <em>{verdict}</em>
      </p>
      <svg role="img" aria-label={label} width="100%" height="22">
        <rect class="track" x="0" y="8" width="100%" height="6" rx="3" />
        <line class="start" x1={start} x2={start} y1="4" y2="18" />
        <circle class={`at ${verdict}`} cx={at} cy="11" r="7" />
      </svg>
      <p class="ends" aria-hidden="true">
        <span>tolerable</span>
        <span>intolerable</span>
      </p>
    </div>
  );
}
