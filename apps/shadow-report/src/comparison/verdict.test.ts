import { expect, test } from "bun:test";
import { createRateTest } from "@hookline/sequential-tests";
import { type DecideOptions, decide, type Verdict } from "./verdict.ts";

/** A test after some trials: 300 without a hit pass, 100 hits are an alarm. */
function testOf(hits: number, trials: number) {
  const rateTest = createRateTest({
    tolerated: 0.01,
    intolerable: 0.02,
    falseAlarm: 0.05,
    falsePass: 0.05,
  });
  rateTest.add(hits, trials);
  return rateTest;
}

const PASSED = testOf(0, 300);
const OPEN = testOf(1, 100);
const ALARM = testOf(100, 1000);
const OPTIONS: DecideOptions = {
  trial: { newWarnings: PASSED, lostWarnings: PASSED },
  watchedMs: 60_000,
  watchMs: 60_000,
  unpairedShare: 0.05,
  unpairedTolerated: 0.05,
};

test.each<[string, Partial<DecideOptions>, Verdict["verdict"], RegExp[]]>([
  ["both pass", {}, "promote", [/0 of 300 URLs would get a warning/, /0 of 300 URLs would lose/]],
  [
    "one is open",
    { trial: { newWarnings: OPEN, lostWarnings: PASSED } },
    "keep watching",
    [/1 of 100 URLs would get a warning .* 265 more URLs/],
  ],
  [
    "both are open",
    { trial: { newWarnings: OPEN, lostWarnings: OPEN } },
    "keep watching",
    [/would get/, /would lose/],
  ],
  [
    "one alarms, whatever the other says",
    { trial: { newWarnings: PASSED, lostWarnings: ALARM } },
    "reject",
    [/100 of 1,000 URLs would lose/],
  ],
  [
    "one alarms at once",
    { trial: { newWarnings: ALARM, lostWarnings: OPEN }, watchedMs: 0, unpairedShare: 1 },
    "reject",
    [/100 of 1,000 URLs would get/],
  ],
  [
    "too many are not compared",
    { unpairedShare: 0.0501 },
    "keep watching",
    [/5.01 % of the requests .* 5 % are tolerated/],
  ],
  ["it is too soon", { watchedMs: 59_999 }, "keep watching", [/for 0 minutes; at least 1 is/]],
  [
    "there is one of each",
    {
      trial: { newWarnings: testOf(1, 1), lostWarnings: PASSED },
      watchedMs: 60_000,
      watchMs: 120_000,
    },
    "keep watching",
    [/^1 of 1 URL would get/, /for 1 minute; at least 2 are/],
  ],
])("decide() when %s", (_, options, verdict, reasons) => {
  const decision = decide({ ...OPTIONS, ...options });
  expect(decision.verdict).toBe(verdict);
  expect(decision.reasons).toHaveLength(reasons.length);
  for (const [i, reason] of reasons.entries()) {
    expect(decision.reasons[i]).toMatch(reason);
  }
});
