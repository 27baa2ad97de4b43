import { expect, test } from "bun:test";
import { makeReport } from "../testing/make-report.ts";
import { findWarningChange, joinReports, type Verdict } from "./pair.ts";

const LEGITIMATE = { prediction: "Legitimate", confidence: "sure" } as const;
const PHISHING = { prediction: "Phishing", confidence: "sure" } as const;
const UNSURE = { prediction: "Legitimate", confidence: "unsure" } as const;
/** Of a band that reaches above the threshold. */
const UNSURE_ABOVE = { prediction: "Phishing", confidence: "unsure" } as const;
const OLD = { prediction: "Legitimate" } as const;

type Row = readonly [
  live: Parameters<typeof makeReport>[0],
  mirror: Parameters<typeof makeReport>[0],
  verdicts: readonly [Verdict, Verdict],
  change: ReturnType<typeof findWarningChange>,
];

test.each<Row>([
  [LEGITIMATE, LEGITIMATE, ["Legitimate", "Legitimate"], undefined],
  [LEGITIMATE, PHISHING, ["Legitimate", "Phishing"], "new"],
  [PHISHING, LEGITIMATE, ["Phishing", "Legitimate"], "lost"],
  [UNSURE, LEGITIMATE, ["Unsure", "Legitimate"], undefined],
  [UNSURE, PHISHING, ["Unsure", "Phishing"], "new"],
  [PHISHING, UNSURE, ["Phishing", "Unsure"], "lost"],
  [UNSURE_ABOVE, PHISHING, ["Unsure", "Phishing"], "new"],
  [PHISHING, UNSURE_ABOVE, ["Phishing", "Unsure"], "lost"],
  [UNSURE_ABOVE, LEGITIMATE, ["Unsure", "Legitimate"], undefined],
  // A service that is older tells no confidence: predictions are compared.
  [OLD, UNSURE, ["Legitimate", "Legitimate"], undefined],
  [UNSURE_ABOVE, OLD, ["Phishing", "Legitimate"], "lost"],
])("a pair of %j and %j reads %j", (live, mirror, verdicts, change) => {
  const pair = joinReports(makeReport({ ...live }), makeReport({ ...mirror, role: "mirror" }));
  expect([pair.live.verdict, pair.mirror.verdict]).toEqual([...verdicts]);
  expect(findWarningChange(pair)).toBe(change);
});
