import { describe, expect, test } from "bun:test";
import { createHealth, isHealthy, reportAnswer } from "./outlier.ts";

const POLICY = {
  consecutive5xx: 3,
  intervalMs: 10_000,
  baseEjectionMs: 30_000,
  maxEjectionPercent: 50,
};

/** Reports the statuses to the first of so many pods; gives whether it is healthy afterwards. */
function report(statuses: readonly number[], { pods = 2, policy = POLICY, ejected = 0 } = {}) {
  const all = Array.from({ length: pods }, createHealth);
  for (const one of all.slice(pods - ejected)) one.ejectedUntil = 1e9;
  const [first = createHealth()] = all;
  for (const status of statuses) reportAnswer(first, status, { policy, now: 1000, all });
  return { first, isIn: isHealthy(first, 1000) };
}

describe("reportAnswer()", () => {
  test.each([
    ["two errors are borne", [500, 503], {}, true],
    ["three in a row are not", [500, 503, 504], {}, false],
    ["a good answer between starts anew", [500, 500, 200, 500, 500], {}, true],
    ["a 4xx is no error", [404, 404, 404], {}, true],
    ["a pod alone stays", [500, 500, 500], { pods: 1 }, true],
    ["of two one goes, not both", [500, 500, 500], { ejected: 1 }, true],
    ["of four two go", [500, 500, 500], { pods: 4, ejected: 1 }, false],
    ["of four not three", [500, 500, 500], { pods: 4, ejected: 2 }, true],
    ["0 switches it off", [500, 500, 500, 500], { policy: { ...POLICY, consecutive5xx: 0 } }, true],
    [
      "gateway errors have a count of their own",
      [502, 503],
      { policy: { ...POLICY, consecutiveGateway: 2 } },
      false,
    ],
    [
      "a 500 is no gateway error",
      [502, 500],
      { policy: { ...POLICY, consecutiveGateway: 2 } },
      true,
    ],
  ])("%s", (_, statuses, options, expected) => {
    expect(report(statuses, options).isIn).toBe(expected);
  });

  test("a pod that has to stay is counted anew", () => {
    const { first } = report([500, 500, 500], { ejected: 1 });
    const all = [first, createHealth()];
    const next = (status: number) =>
      reportAnswer(first, status, { policy: POLICY, now: 2000, all });
    expect([500, 500, 500].map(next)).toEqual([false, false, true]);
  });

  test("an ejection lasts the base time, the next one twice that, and never more than 300 s", () => {
    const all = [createHealth(), createHealth()];
    const [first = createHealth()] = all;
    const lasted: number[] = [];
    let now = 0;
    for (let i = 0; i < 12; i += 1) {
      for (let j = 0; j < 3; j += 1) reportAnswer(first, 500, { policy: POLICY, now, all });
      lasted.push(first.ejectedUntil - now);
      now = first.ejectedUntil;
      expect(isHealthy(first, now - 1)).toBe(false);
      expect(isHealthy(first, now)).toBe(true);
    }
    expect(lasted.slice(0, 3)).toEqual([30_000, 60_000, 90_000]);
    expect(lasted.at(-1)).toBe(300_000);
  });
});
