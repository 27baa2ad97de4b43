import { describe, expect, test } from "bun:test";
import { createRateTest, type RateTestOptions } from "./rate-test.ts";
import { createRandom, mostByChance } from "./simulate.ts";

const OPTIONS: RateTestOptions = {
  tolerated: 0.01,
  intolerable: 0.02,
  falseAlarm: 0.05,
  falsePass: 0.1,
};
const RUNS = 1000;
const TRIALS = 6000;

/** How often a test said what, at its first word and ever, over runs that go on to the end. */
function simulate(rate: number, seed: number) {
  const random = createRandom(seed);
  const ever = { tolerable: 0, intolerable: 0 };
  for (let run = 0; run < RUNS; run++) {
    const rateTest = createRateTest(OPTIONS);
    const said = new Set<string>();
    for (let trial = 0; trial < TRIALS && said.size < 2; trial++) {
      rateTest.add(random() < rate ? 1 : 0, 1);
      said.add(rateTest.verdict);
      said.delete("undecided");
    }
    ever.tolerable += said.has("tolerable") ? 1 : 0;
    ever.intolerable += said.has("intolerable") ? 1 : 0;
  }
  return ever;
}

describe("createRateTest(), looked at after every trial", () => {
  test.each([0.01, 0.008, 0.002])(
    "seldom calls a rate of %p intolerable, and mostly tolerable",
    (rate) => {
      const { tolerable, intolerable } = simulate(rate, 7);
      expect(intolerable).toBeLessThanOrEqual(mostByChance(OPTIONS.falseAlarm, RUNS));
      expect(tolerable).toBeGreaterThan(0.9 * RUNS);
    },
    120_000,
  );

  test.each([0.02, 0.025, 0.05])(
    "seldom calls a rate of %p tolerable, and mostly intolerable",
    (rate) => {
      const { tolerable, intolerable } = simulate(rate, 8);
      expect(tolerable).toBeLessThanOrEqual(mostByChance(OPTIONS.falsePass, RUNS));
      expect(intolerable).toBeGreaterThan(0.95 * RUNS);
    },
    120_000,
  );

  test("errs at its limits, not only far below: its levels are no accident of a dull test", () => {
    expect(simulate(0.01, 9).intolerable).toBeGreaterThan(0.015 * RUNS);
    expect(simulate(0.02, 9).tolerable).toBeGreaterThan(0.04 * RUNS);
  }, 120_000);
});

test("createRateTest() has Wald's ratio, in whatever pieces the trials come", () => {
  const single = createRateTest(OPTIONS);
  const whole = createRateTest(OPTIONS);
  for (let trial = 0; trial < 100; trial++) {
    single.add(trial % 50 === 0 ? 1 : 0, 1);
  }
  whole.add(2, 100);
  expect(single.logRatio).toBe(whole.logRatio);
  expect(whole.logRatio).toBeCloseTo(2 * Math.log(2) + 98 * Math.log(0.98 / 0.99), 12);
  expect([whole.hits, whole.trials]).toEqual([2, 100]);
});

test("createRateTest() tells how far it is, and passes just there", () => {
  const rateTest = createRateTest(OPTIONS);
  const { trialsToPass } = rateTest;
  expect(trialsToPass).toBe(Math.ceil(Math.log(0.1) / Math.log(0.98 / 0.99)));
  rateTest.add(0, trialsToPass - 1);
  expect([rateTest.verdict, rateTest.trialsToPass]).toEqual(["undecided", 1]);
  rateTest.add(0, 1);
  expect([rateTest.verdict, rateTest.trialsToPass]).toEqual(["tolerable", 0]);
});

test("createRateTest() takes a pass back, and never an alarm", () => {
  const rateTest = createRateTest(OPTIONS);
  rateTest.add(0, 1000);
  rateTest.add(10, 10);
  expect(rateTest.verdict).toBe("tolerable");
  rateTest.add(50, 50);
  expect(rateTest.verdict).toBe("intolerable");
  rateTest.add(0, 1_000_000);
  expect(rateTest.verdict).toBe("intolerable");
});

test.each([
  { tolerated: 0 },
  { tolerated: 0.02 },
  { intolerable: 1 },
  { falseAlarm: 0 },
  { falsePass: 0.5 },
  { falsePass: Number.NaN },
])("createRateTest() refuses %p", (wrong) => {
  expect(() => createRateTest({ ...OPTIONS, ...wrong })).toThrow(RangeError);
});

test.each([
  [2, 1],
  [-1, 1],
  [Number.NaN, 1],
])("add() refuses %p hits in %p", (hits, trials) => {
  expect(() => createRateTest(OPTIONS).add(hits, trials)).toThrow(RangeError);
});
