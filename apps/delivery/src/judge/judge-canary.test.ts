import { expect, test } from "bun:test";
import { type CanaryVerdict, type Counts, judgeCanary } from "./judge-canary.ts";

const NOTHING: Counts = { requests: 0, errors: 0, timed: 0, slow: 0, compared: 0, disagreed: 0 };

/** All counts; where nothing else is said, the time of each request was taken. */
function count(some: Partial<Counts>): Counts {
  return { ...NOTHING, timed: some.requests ?? 0, ...some };
}

test.each<[string, Partial<Counts>, Partial<Counts>, CanaryVerdict["verdict"]]>([
  ["nothing happened", {}, {}, "wait"],
  ["all is well, with few requests", { requests: 100 }, { requests: 900 }, "wait"],
  ["all is well, with many", { requests: 1000 }, { requests: 9000 }, "promote"],
  ["the canary fails", { requests: 200, errors: 20 }, { requests: 1800, errors: 2 }, "roll back"],
  ["both fail alike", { requests: 1000, errors: 50 }, { requests: 9000, errors: 450 }, "promote"],
  ["the canary is slow", { requests: 200, slow: 60 }, { requests: 1800, slow: 18 }, "roll back"],
  [
    "it fails seldom, the other never",
    { requests: 20_000, errors: 6 },
    { requests: 180_000 },
    "promote",
  ],
  ["no times were taken", { requests: 1000, timed: 0 }, { requests: 9000, timed: 0 }, "wait"],
  ["there is no other to compare with", { requests: 50, errors: 25 }, {}, "wait"],
  [
    "visitors disagree with it",
    { requests: 1000, compared: 100, disagreed: 60 },
    { requests: 9000, compared: 900, disagreed: 90 },
    "roll back",
  ],
  [
    "they do so twice as often",
    { requests: 1000, compared: 200, disagreed: 36 },
    { requests: 9000, compared: 1800, disagreed: 164 },
    "roll back",
  ],
])("judgeCanary() where %s", (_, canary, stable, expected) => {
  expect(judgeCanary(count(canary), count(stable)).verdict).toBe(expected);
});

test.each<[string, Partial<Counts>, Partial<Counts>, CanaryVerdict["verdict"]]>([
  ["fails", { requests: 50, errors: 25 }, {}, "roll back"],
  [
    "fails, with hardly anybody at the other",
    { requests: 500, errors: 25 },
    { requests: 2 },
    "roll back",
  ],
  ["is slow", { requests: 50, slow: 25 }, {}, "roll back"],
  ["is well", { requests: 1000 }, {}, "promote"],
  [
    "fails as the other does",
    { requests: 900, errors: 90 },
    { requests: 900, errors: 90 },
    "promote",
  ],
])("judgeCanary() of a canary alone that %s", (_, canary, stable, expected) => {
  const judged = judgeCanary(count(canary), count(stable), { isAlone: true });
  expect(judged.verdict).toBe(expected);
});

test("judgeCanary() tells its evidence", () => {
  const { criteria } = judgeCanary(
    count({ requests: 1200, errors: 3 }),
    count({ requests: 10_800, errors: 20 }),
  );
  expect(criteria[0]).toEqual({
    name: "errors",
    verdict: "tolerable",
    evidence: "3 of 1,200 at the canary, 20 of 10,800 at the stable version",
  });
});

/** A seeded source of chance (mulberry32, public domain). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Rates {
  readonly canary: number;
  readonly stable: number;
}

/** How one canary ends, asked after every 50 requests, ten in a hundred of them its own. */
function simulate(seed: number, errors: Rates): CanaryVerdict["verdict"] {
  const random = createRandom(seed);
  const canary = { ...NOTHING };
  const stable = { ...NOTHING };
  const write = (counts: { -readonly [Key in keyof Counts]: number }, rate: number) => {
    counts.requests++;
    counts.timed++;
    if (random() < rate) counts.errors++;
    if (random() < 0.02) counts.slow++;
    if (random() > 0.3) return;
    counts.compared++;
    if (random() < 0.1) counts.disagreed++;
  };
  for (let asked = 0; asked < 400; asked++) {
    for (let request = 0; request < 50; request++) {
      if (random() < 0.1) write(canary, errors.canary);
      else write(stable, errors.stable);
    }
    const { verdict } = judgeCanary(canary, stable);
    if (verdict !== "wait") return verdict;
  }
  return "wait";
}

const RUNS = 400;

/** The most of `RUNS` that a probability of 0.05 gives, but for 1 in 10,000: mean and 3.7 standard deviations. */
const MOST = RUNS * 0.05 + 3.7 * Math.sqrt(RUNS * 0.05 * 0.95);

test.each<[string, Rates]>([
  ["none fails", { canary: 0, stable: 0 }],
  ["both fail alike, seldom", { canary: 0.005, stable: 0.005 }],
  ["both fail alike, often", { canary: 0.05, stable: 0.05 }],
])(
  "a canary that is as good is rolled back in 5 of 100 cases at the most, however often one asks: %s",
  (_, errors) => {
    const ends = Array.from({ length: RUNS }, (__, seed) => simulate(seed, errors));
    expect(ends.filter((end) => end === "roll back").length).toBeLessThan(MOST);
    expect(ends.filter((end) => end === "promote").length).toBeGreaterThan(RUNS * 0.6);
  },
  120_000,
);

test.each<[string, Rates]>([
  ["three times as often", { canary: 0.03, stable: 0.01 }],
  ["where the other one never does", { canary: 0.05, stable: 0 }],
])(
  "a canary that fails %s is promoted in 5 of 100 cases at the most, and else found out",
  (_, errors) => {
    const ends = Array.from({ length: RUNS }, (__, seed) => simulate(seed, errors));
    expect(ends.filter((end) => end === "promote").length).toBeLessThan(MOST);
    expect(ends.filter((end) => end === "roll back").length).toBeGreaterThan(RUNS * 0.9);
  },
  120_000,
);
