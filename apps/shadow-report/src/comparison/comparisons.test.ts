import { expect, test } from "bun:test";
import { makePair } from "../testing/make-report.ts";
import { createComparisons } from "./comparisons.ts";

const LIMITS = { tolerated: 0.01, intolerable: 0.02 };

function create() {
  return createComparisons({
    trial: { newWarnings: LIMITS, lostWarnings: LIMITS, falseReject: 0.05, falsePromote: 0.05 },
    now: () => 0,
  });
}

const pairWith = (version: string, url: string) =>
  makePair(url, { mirror: { model: { name: "wide-bag", version } } });

test("createComparisons() begins anew with another model, and goes on when the old one is back", () => {
  const comparisons = create();
  expect(comparisons.current).toBeUndefined();
  comparisons.add(pairWith("2.0.0", "a"));
  comparisons.add(pairWith("2.0.0", "b"));
  expect(comparisons.current).toMatchObject({
    live: { name: "linear", version: "1.0.0", label: "v1" },
    mirror: { name: "wide-bag", version: "2.0.0", label: "v2" },
    trial: { urls: 2 },
  });
  comparisons.add(pairWith("3.0.0", "a"));
  expect(comparisons.current).toMatchObject({ mirror: { version: "3.0.0" }, trial: { urls: 1 } });
  comparisons.add(pairWith("2.0.0", "c"));
  expect(comparisons.current).toMatchObject({ mirror: { version: "2.0.0" }, trial: { urls: 3 } });
});

test("createComparisons() begins anew with a model of the same name and version that is another file", () => {
  const comparisons = create();
  const add = (digest: string, url: string) => {
    const model = { name: "wide-bag", version: "2.0.0", digest };
    comparisons.add(makePair(url, { mirror: { model } }));
  };
  add("c31fd309064e", "a");
  add("c31fd309064e", "b");
  expect(comparisons.current?.trial.urls).toBe(2);
  add("0f1e2d3c4b5a", "a");
  expect(comparisons.current?.trial.urls).toBe(1);
});

test("createComparisons() keeps three at most, those that were last used", () => {
  const comparisons = create();
  for (const version of ["1", "2", "3", "1", "4"]) {
    comparisons.add(pairWith(version, "a"));
  }
  comparisons.add(pairWith("1", "b"));
  expect(comparisons.current?.trial.urls).toBe(2);
  comparisons.add(pairWith("2", "b"));
  expect(comparisons.current?.trial.urls).toBe(1);
});
