import { expect, test } from "bun:test";
import { createSignTest } from "./sign-test.ts";
import { createRandom, mostByChance } from "./simulate.ts";

const RUNS = 1000;

/** How many runs ever had a p-value of 0.05 or less within some differences. */
function countAlarms(share: number, { differences, seed }: { differences: number; seed: number }) {
  const random = createRandom(seed);
  let alarms = 0;
  for (let run = 0; run < RUNS; run++) {
    const signTest = createSignTest();
    for (let i = 0; i < differences; i++) {
      signTest.add(random() < share);
    }
    alarms += signTest.pValue <= 0.05 ? 1 : 0;
  }
  return alarms;
}

test("createSignTest() seldom finds a lean where there is none, however often one looks", () => {
  const alarms = countAlarms(0.5, { differences: 3000, seed: 3 });
  expect(alarms).toBeLessThanOrEqual(mostByChance(0.05, RUNS));
  expect(alarms).toBeGreaterThan(0);
}, 120_000);

test.each([0.7, 0.3])("createSignTest() finds a lean of %p within 100 differences", (share) => {
  expect(countAlarms(share, { differences: 100, seed: 4 })).toBeGreaterThan(0.85 * RUNS);
});

test("createSignTest() has the mixture's closed form, whatever the order", () => {
  const ways = [
    [true, true, true, false],
    [false, true, true, true],
  ].map((order) => {
    const signTest = createSignTest();
    for (const isFirst of order) {
      signTest.add(isFirst);
    }
    return signTest;
  });
  // The integral of p³(1−p) over Jeffreys' prior is 5/128 (Beta(3.5, 1.5)/Beta(½, ½)), times 2⁴.
  for (const { first, second, logEvidence } of ways) {
    expect([first, second]).toEqual([3, 1]);
    expect(logEvidence).toBeCloseTo(Math.log((5 / 128) * 16), 12);
  }
});

test("createSignTest() keeps the most evidence it ever had", () => {
  const signTest = createSignTest();
  for (let i = 0; i < 10; i++) {
    signTest.add(true);
  }
  const { pValue } = signTest;
  expect(pValue).toBeLessThan(0.01);
  for (let i = 0; i < 10; i++) {
    signTest.add(false);
  }
  expect(signTest.logEvidence).toBeLessThan(0);
  expect(signTest.pValue).toBe(pValue);
  expect(createSignTest().pValue).toBe(1);
});
