import { expect, test } from "bun:test";
import { createRandom } from "./simulate.ts";
import { wilsonInterval } from "./wilson.ts";

// The first two: Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
// Medicine 17, 1998, table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  [20, 20, 0.8389, 1],
  [0, 0, 0, 1],
])("wilsonInterval() of %p in %p", (hits, trials, low, high) => {
  const interval = wilsonInterval(hits, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test.each([
  [-1, 5],
  [6, 5],
  [Number.NaN, 5],
])("wilsonInterval() refuses %p hits in %p", (hits, trials) => {
  expect(() => wilsonInterval(hits, trials)).toThrow(RangeError);
});

test.each([0.5, 0.98, 0.995])("wilsonInterval() holds a share of %p 95 times in 100", (share) => {
  const random = createRandom(1);
  let held = 0;
  for (let run = 0; run < 2000; run++) {
    let hits = 0;
    for (let trial = 0; trial < 1000; trial++) {
      hits += random() < share ? 1 : 0;
    }
    const { low, high } = wilsonInterval(hits, 1000);
    held += low <= share && share <= high ? 1 : 0;
  }
  expect(held / 2000).toBeGreaterThan(0.93);
  expect(held / 2000).toBeLessThan(0.975);
});
