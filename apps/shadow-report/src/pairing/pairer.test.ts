import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { makeReport } from "../testing/make-report.ts";
import { joinReports, type Pair } from "./pair.ts";
import { createPairer, OUTCOMES, type Outcome } from "./pairer.ts";
import type { Report } from "./report.ts";

function createWatched({ waitMs = 1000, mostPending = 32 } = {}) {
  let time = 0;
  let repeated = 0;
  const outcomes: Outcome[] = [];
  const pairs: Pair[] = [];
  const pairer = createPairer({
    waitMs,
    mostPending,
    now: () => time,
    onSettled(outcome, pair) {
      outcomes.push(outcome);
      if (pair !== undefined) {
        pairs.push(pair);
      }
    },
    onRepeated() {
      repeated++;
    },
  });
  return {
    pairer,
    outcomes,
    pairs,
    readRepeated: () => repeated,
    pass(ms: number) {
      time += ms;
      pairer.settle();
    },
  };
}

const LIVE = makeReport({ role: "live" });
const MIRROR = makeReport({ role: "mirror" });

describe("createPairer()", () => {
  test.each<[string, Report[], Outcome, number]>([
    ["live first", [LIVE, MIRROR], "paired", 0],
    ["mirror first", [MIRROR, LIVE], "paired", 0],
    ["no mirror", [LIVE], "live-only", 0],
    ["no live one", [MIRROR], "mirror-only", 0],
    ["a request tried again", [LIVE, MIRROR, { ...LIVE, latencyMs: 9 }, MIRROR], "paired", 2],
    ["a live one tried again", [LIVE, LIVE], "live-only", 1],
    ["two URLs of one role", [LIVE, MIRROR, { ...LIVE, url: "b" }], "conflicting", 0],
    ["two URLs of two roles", [LIVE, { ...MIRROR, url: "b" }], "conflicting", 0],
    ["two answers of one model", [LIVE, MIRROR, { ...MIRROR, probability: 0.3 }], "conflicting", 0],
    ["two verdicts", [LIVE, MIRROR, { ...LIVE, prediction: "Phishing" }], "conflicting", 0],
    [
      "two models in one role",
      [LIVE, MIRROR, { ...LIVE, model: { name: "linear", version: "1.0.1" } }],
      "conflicting",
      0,
    ],
    ["contradicted, then repeated", [LIVE, { ...LIVE, url: "b" }, LIVE, MIRROR], "conflicting", 1],
  ])("settles %s", (_, reports, outcome, repeats) => {
    const { pairer, outcomes, pairs, pass, readRepeated } = createWatched();
    for (const report of reports) {
      pairer.add(report);
    }
    pass(999);
    expect(outcomes).toEqual([]);
    pass(1);
    expect(outcomes).toEqual([outcome]);
    expect(pairs).toEqual(outcome === "paired" ? [joinReports(LIVE, MIRROR)] : []);
    expect(readRepeated()).toBe(repeats);
    expect(pairer.pending).toBe(0);
  });

  test("does not pair a half that comes too late", () => {
    const { pairer, outcomes, pass } = createWatched();
    pairer.add(LIVE);
    pass(1000);
    pairer.add(MIRROR);
    pass(1000);
    expect(outcomes).toEqual(["live-only", "mirror-only"]);
  });

  test("waits for each from its own first report on", () => {
    const { pairer, outcomes, pass } = createWatched();
    pairer.add({ ...LIVE, requestId: "a" });
    pass(600);
    pairer.add({ ...LIVE, requestId: "b" });
    pairer.add({ ...MIRROR, requestId: "a" });
    pass(400);
    expect(outcomes).toEqual(["paired"]);
    pass(600);
    expect(outcomes).toEqual(["paired", "live-only"]);
  });

  test("gives up the oldest when there is no room, and counts those that are pairs already", () => {
    const { pairer, outcomes } = createWatched({ mostPending: 32 });
    for (let i = 0; i < 32; i++) {
      pairer.add({ ...LIVE, requestId: `r-${i}` });
    }
    pairer.add({ ...MIRROR, requestId: "r-1" });
    expect(outcomes).toEqual([]);
    pairer.add({ ...LIVE, requestId: "one more" });
    expect(outcomes).toEqual(["evicted", "paired"]);
    expect(pairer.pending).toBe(31);
  });

  test("settles every request exactly once, whatever comes in what order", () => {
    const report = fc.record({
      requestId: fc.constantFrom("a", "b", "c", "d"),
      role: fc.constantFrom("live" as const, "mirror" as const),
      url: fc.constantFrom("x", "x", "x", "y"),
      pause: fc.constantFrom(0, 0, 300),
    });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 30 }), (reports) => {
        const { pairer, outcomes, pass, pairs } = createWatched({ mostPending: 3 });
        let begun = 0;
        for (const { pause, ...fields } of reports) {
          pass(pause);
          const before = pairer.pending + outcomes.length;
          pairer.add(makeReport(fields));
          begun += pairer.pending + outcomes.length - before;
        }
        pass(1000);
        expect(outcomes).toHaveLength(begun);
        expect(outcomes.filter((outcome) => outcome === "paired")).toHaveLength(pairs.length);
        expect(outcomes.every((outcome) => OUTCOMES.includes(outcome))).toBe(true);
        for (const { live, mirror } of pairs) {
          expect([live.role, mirror.role]).toEqual(["live", "mirror"]);
          expect([live.requestId, live.url]).toEqual([mirror.requestId, mirror.url]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
