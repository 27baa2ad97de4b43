import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createBalance, createShapeCounts } from "./balance.ts";
import { CAPS, createCaps, hostOf } from "./caps.ts";
import { type Candidate, type Chosen, formatCandidate, parseCandidate } from "./row.ts";
import { SITE_LIMITS, selectOfSite } from "./select.ts";
import { siteOf, splitOf } from "./site.ts";
import { createThinner, MAX_ROWS_OF_SITE } from "./thin.ts";

function row(url: string, change: Partial<Candidate> = {}): Candidate {
  return { label: 1, source: "a", heldOut: false, url, key: url, ...change };
}

const OPTIONS = { limits: SITE_LIMITS, isTopSite: false };
// By their hash: one of each split, so that the tests say which limits they mean.
const TRAIN = "a.example";
const names = Array.from({ length: 200 }, (_, i) => `s${i}.example`);
const EVALUATION = names.find((name) => splitOf(name) === "test") ?? "";

describe("selectOfSite()", () => {
  test("makes one row of equal rows, and none of a row with both labels", () => {
    const rows = [
      row("a.example/x", { source: "b" }),
      row("a.example/x", { source: "a" }),
      row("a.example/X", { key: "a.example/y" }),
      row("a.example/y", { label: 0 }),
    ];
    const { chosen, dropped } = selectOfSite(TRAIN, rows, OPTIONS);
    expect(chosen.map(({ url, source }) => [url, source])).toEqual([["a.example/x", "a"]]);
    expect(Object.fromEntries(dropped)).toEqual({ duplicate: 1, "both labels": 2 });
  });

  test("takes a held-out row only where the site has no other", () => {
    const held = row("a.example/1", { heldOut: true });
    expect(selectOfSite(TRAIN, [held], OPTIONS).chosen.map(({ split }) => split)).toEqual([
      "holdout",
    ]);
    const { chosen, dropped } = selectOfSite(TRAIN, [held, row("a.example/2")], OPTIONS);
    expect(chosen.map(({ url, split }) => [url, split])).toEqual([["a.example/2", splitOf(TRAIN)]]);
    expect(Object.fromEntries(dropped)).toEqual({ "site in use": 1 });
  });

  test.each<[string, string, 0 | 1, string, boolean, number]>([
    ["phishing in train", TRAIN, 1, "/p", false, 12],
    ["legitimate in train", TRAIN, 0, "/p", false, 20],
    ["legitimate with a query in train", TRAIN, 0, "/?q=", false, 45],
    ["legitimate of a top site in train", TRAIN, 0, "/p", true, 60],
    ["phishing in test", EVALUATION, 1, "/p", false, 6],
    ["legitimate of a top site in test", EVALUATION, 0, "/p", true, 6],
  ])("limits %s", (_, domain, label, path, isTopSite, expected) => {
    const rows = Array.from({ length: 100 }, (_, i) => row(`${domain}${path}${i}`, { label }));
    const { chosen, dropped } = selectOfSite(domain, rows, { ...OPTIONS, isTopSite });
    expect(chosen.length).toBe(expected);
    expect(dropped.get("site limit")).toBe(100 - expected);
  });

  test("does not believe that the bare root of a top site is phishing", () => {
    const rows = [row("a.example"), row("a.example/x")];
    const { chosen } = selectOfSite(TRAIN, rows, { ...OPTIONS, isTopSite: true });
    expect(chosen.map(({ url }) => url)).toEqual(["a.example/x"]);
  });

  test("chooses the same rows in whatever order they come", () => {
    const candidate = fc.record({
      label: fc.constantFrom<0 | 1>(0, 1),
      source: fc.constantFrom("a", "b", "c"),
      heldOut: fc.boolean(),
      url: fc.integer({ min: 0, max: 40 }).map((n) => `a.example/${n}`),
    });
    const rows = fc.array(
      candidate.map((one) => ({ ...one, key: one.url })),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(
        rows.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(selectOfSite(TRAIN, shuffled, OPTIONS)).toEqual(selectOfSite(TRAIN, all, OPTIONS));
        },
      ),
      { numRuns: 200 },
    );
  }, 120_000);
});

test.each([
  ["a name", "a.b.example.co.uk", ["example.co.uk", undefined, "uk", false]],
  [
    "one who publishes under a company's suffix",
    "x.user.github.io",
    ["user.github.io", "github.io", "io", false],
  ],
  ["an address", "10.0.0.1", ["10.0.0.1", undefined, "1", true]],
])("siteOf() of %s", (_, host, expected) => {
  const { domain, platform, ending, isIp } = siteOf(host);
  expect([domain, platform, ending, isIp]).toEqual(expected);
});

test.each([
  ["a.example", "a.example"],
  ["a.example:81/x", "a.example"],
  ["u@b%2f@a.example/@x", "a.example"],
  ["a.example/?x#y", "a.example"],
])("hostOf(%s)", (url, expected) => {
  expect(hostOf(url)).toBe(expected);
});

test("parseCandidate() reads what formatCandidate() wrote", () => {
  const chosen: Chosen = { ...row("a.example/x?y#z", { label: 0, heldOut: true }), split: "val" };
  expect(parseCandidate(formatCandidate(chosen, chosen.split).trimEnd())).toEqual(chosen);
});

describe("createCaps()", () => {
  const chosen = (url: string, change: Partial<Chosen> = {}): Chosen => ({
    ...row(url),
    split: "train",
    ...change,
  });
  test.each<[string, (i: number) => Chosen, number, string]>([
    ["a platform", (i) => chosen(`s${i}.github.io`), CAPS.phishingPlatform, "platform"],
    ["a path", (i) => chosen(`s${i}.com/same?${i}`), CAPS.samePath, "same path"],
    ["addresses", (i) => chosen(`10.0.${i >> 8}.${i & 255}`), CAPS.phishingIp, "IP hosts"],
    ["an ending", (i) => chosen(`s${i}.top`), CAPS.phishingEnding, "ending"],
    ["a source", (i) => chosen(`s${i}.com`), 50, "quota of the source"],
    [
      "a held-out source",
      (i) => chosen(`s${i}.com`, { split: "holdout" }),
      CAPS.holdoutSource,
      "quota of the source",
    ],
  ])("limits %s", (_, make, limit, why) => {
    const cap = createCaps(CAPS, why === "quota of the source" ? new Map([["a", 50]]) : new Map());
    const answers = Array.from({ length: limit + 5 }, (_, i) => cap(make(i)));
    expect(answers.findIndex((answer) => answer !== undefined)).toBe(limit);
    expect(answers.slice(limit)).toEqual(Array(5).fill(why));
  });

  test("does not limit legitimate rows by ending, nor .com at all", () => {
    const cap = createCaps({ ...CAPS, phishingEnding: 1 }, new Map());
    const rows = ["a.top", "b.top"].map((url) => chosen(url, { label: 0 }));
    expect([...rows, chosen("a.com"), chosen("b.com")].map(cap)).toEqual(Array(4).fill(undefined));
  });
});

describe("createThinner()", () => {
  const takesOf = (domain: string, rows: number) => {
    const thinner = createThinner();
    for (let i = 0; i < rows; i += 1) thinner.count(domain);
    return Array.from({ length: rows }, (_, i) => thinner.takes(domain, `${domain}/${i}`)).filter(
      Boolean,
    ).length;
  };
  test("takes every row of a site up to the limit", () => {
    expect(takesOf("a.example", MAX_ROWS_OF_SITE)).toBe(MAX_ROWS_OF_SITE);
  });
  test("takes about the limit of a site with ten times as many", () => {
    const taken = takesOf("a.example", 10 * MAX_ROWS_OF_SITE);
    expect(taken).toBeGreaterThan(0.9 * MAX_ROWS_OF_SITE);
    expect(taken).toBeLessThan(1.1 * MAX_ROWS_OF_SITE);
  });
});

describe("createBalance()", () => {
  const counts = {
    ...createShapeCounts(),
    0: { root: 1000, path: 10, query: 100 },
    1: { root: 100, path: 50, query: 100 },
  } as const;
  const kept = (
    split: "train" | "holdout",
    label: 0 | 1,
    url: (i: number) => string,
    n: number,
  ) => {
    const keep = createBalance(split, counts);
    return Array.from({ length: n }, (_, i) => keep({ label, url: url(i), key: url(i) })).filter(
      Boolean,
    ).length;
  };
  test("thins legitimate roots to the number of phishing roots", () => {
    const n = kept("train", 0, (i) => `s${i}.com`, 1000);
    expect(n).toBeGreaterThan(70);
    expect(n).toBeLessThan(130);
  });
  test("leaves what is not too many", () => {
    expect(kept("train", 0, (i) => `s${i}.com/x`, 10)).toBe(10);
    expect(kept("train", 0, (i) => `s${i}.com/?x`, 100)).toBe(100);
    expect(kept("train", 1, (i) => `s${i}.com/x`, 50)).toBe(50);
  });
  test("thins phishing rows in the holdout only", () => {
    const n = kept("holdout", 1, (i) => `s${i}.com/x`, 500);
    expect(n).toBeGreaterThan(60);
    expect(n).toBeLessThan(140);
  });
  test("leaves a split of one label alone", () => {
    const keep = createBalance("train", { ...counts, 1: { root: 0, path: 0, query: 0 } });
    expect(keep({ label: 0, url: "a.com", key: "a.com" })).toBe(true);
  });
});
