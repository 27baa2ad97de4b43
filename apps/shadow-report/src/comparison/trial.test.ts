import { describe, expect, test } from "bun:test";
import { makePair } from "../testing/make-report.ts";
import { createTrial, type TrialOptions } from "./trial.ts";

const OPTIONS: TrialOptions = {
  newWarnings: { tolerated: 0.03, intolerable: 0.08 },
  lostWarnings: { tolerated: 0.02, intolerable: 0.06 },
  falseReject: 0.1,
  falsePromote: 0.1,
};

/** Numbers from 0 to 1, the same for a seed each time (a linear congruential generator, Knuth's MMIX). */
function createRandom(seed: bigint): () => number {
  let state = seed;
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 33n) / 2 ** 31;
  };
}

const NEW = { mirror: { prediction: "Phishing" } } as const;
const LOST = { live: { prediction: "Phishing" } } as const;

describe("createTrial()", () => {
  test("counts each direction, and each URL once", () => {
    const trial = createTrial(OPTIONS);
    trial.add(makePair("a", NEW));
    trial.add(makePair("a", NEW));
    trial.add(makePair("b", LOST));
    trial.add(makePair("c"));
    trial.add(makePair("d", { ...NEW, ...LOST }));
    expect(trial.urls).toBe(4);
    expect([trial.newWarnings.hits, trial.lostWarnings.hits]).toEqual([1, 1]);
    expect([trial.newWarnings.trials, trial.lostWarnings.trials]).toEqual([4, 4]);
    expect(trial.lean).toMatchObject({ newWarnings: 1, lostWarnings: 1 });
  });

  test("halves the false rejects between its two tests", () => {
    const { newWarnings, lostWarnings } = createTrial(OPTIONS);
    expect(newWarnings.limits.alarm).toBeCloseTo(Math.log(20), 10);
    expect(lostWarnings.limits).toEqual(newWarnings.limits);
    expect(newWarnings.limits.pass).toBeCloseTo(Math.log(0.1), 10);
  });

  const RUNS = 400;
  /** At most this many in all but one of 1,000 simulations. */
  const most = (rate: number) => RUNS * rate + 3.09 * Math.sqrt(RUNS * rate * (1 - rate));

  test.each<[string, number, number, "promote" | "reject"]>([
    ["both at what is tolerated", 0.03, 0.02, "reject"],
    ["new warnings intolerable", 0.08, 0.001, "promote"],
    ["lost warnings intolerable", 0.001, 0.06, "promote"],
    ["both intolerable", 0.08, 0.06, "promote"],
  ])(
    "with %s, looked at after each URL, is seldom wrong and mostly right",
    (_, newRate, lostRate, wrong) => {
      const random = createRandom(BigInt(Math.round(newRate * 1e6 + lostRate * 1e3)));
      const said = { promote: 0, reject: 0 };
      for (let run = 0; run < RUNS; run++) {
        const trial = createTrial(OPTIONS);
        const ever = new Set<string>();
        for (let i = 0; i < 600 && !ever.has(wrong); i++) {
          const chance = random();
          const pair = chance < newRate ? NEW : chance < newRate + lostRate ? LOST : {};
          trial.add(makePair(`${i}`, pair));
          const verdicts = [trial.newWarnings.verdict, trial.lostWarnings.verdict];
          if (verdicts.includes("intolerable")) {
            ever.add("reject");
          } else if (verdicts.every((verdict) => verdict === "tolerable")) {
            ever.add("promote");
          }
        }
        said.promote += ever.has("promote") ? 1 : 0;
        said.reject += ever.has("reject") ? 1 : 0;
      }
      const right = wrong === "reject" ? "promote" : "reject";
      expect(said[wrong]).toBeLessThanOrEqual(most(0.1));
      expect(said[right]).toBeGreaterThan(0.85 * RUNS);
    },
    120_000,
  );
});
