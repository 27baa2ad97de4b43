import { describe, expect, test } from "bun:test";
import { canonicalise } from "@hookline/lib-ml";
import type { Row } from "../dataset.ts";
import { createScarceCensus, createSiteCensus, weighRows } from "./importance.ts";
import { streamRows } from "./sample.ts";

const row = (label: 0 | 1, url: string): Row => ({ label, url, source: "test" });
const many = (count: number, label: 0 | 1, url: string) =>
  Array.from({ length: count }, () => row(label, url));

describe("createScarceCensus()", () => {
  // Phishing to legitimate: 6 to 4 hosted, 9 to 1 logins, 1 to 2 under .cn.
  const rows = [
    ...many(6, 1, "bad.github.io"),
    ...many(4, 0, "good.github.io"),
    ...many(9, 1, "example.com/login"),
    row(0, "example.com/account"),
    row(1, "example.cn"),
    ...many(2, 0, "example.com.cn"),
    ...many(50, 1, "example.net/x"),
  ];

  test.each([
    ["as often as phishing outnumbers it", "someone.github.io", 0, 1.5],
    ["at most three times", "example.org/signin", 0, 3],
    ["at least once", "example.cn", 0, 1],
    ["as the scarcest sort it is of", "someone.github.io/login", 0, 3],
    ["once, when it is of none", "example.net/about", 0, 1],
    ["once, when it is phishing", "someone.github.io/login", 1, 1],
  ] as const)("counts a row %s", async (_, url, label, importance) => {
    const canonical = canonicalise(url);
    const importanceOf = await weighRows(streamRows(rows), [createScarceCensus()]);
    expect(canonical && importanceOf(canonical, label)).toBe(importance);
  });
});

describe("createSiteCensus()", () => {
  const rows = [
    ...many(9, 0, "large.example/page"),
    ...many(4, 0, "shop.middle.example"),
    row(0, "small.example"),
    row(0, "large.github.io"),
    row(1, "large.example/stolen"),
    ...many(4, 1, "bad.example"),
    row(0, "no url"),
  ];
  // 15 legitimate rows whose roots sum up to 3 + 2 + 1 + 1, 5 of phishing with 1 + 2.
  test.each([
    ["nine of a site", "www.large.example/other", 0, 15 / 7 / 3],
    ["four of a site", "middle.example", 0, 15 / 7 / 2],
    ["alone", "small.example", 0, 15 / 7],
    ["alone under a shared suffix", "large.github.io", 0, 15 / 7],
    ["the only phishing of a site", "large.example", 1, 5 / 3],
    ["four of a phishing site", "bad.example", 1, 5 / 3 / 2],
    ["of a site never seen", "new.example", 0, 1],
  ] as const)("weighs a row that is %s", async (_, url, label, importance) => {
    const canonical = canonicalise(url);
    const importanceOf = await weighRows(streamRows(rows), [createSiteCensus()]);
    expect(canonical && importanceOf(canonical, label)).toBeCloseTo(importance, 12);
  });

  test("multiplies with what is scarce", async () => {
    const canonical = canonicalise("large.github.io");
    const hosted = [...rows, ...many(2, 1, "bad.github.io")];
    const importanceOf = await weighRows(streamRows(hosted), [
      createScarceCensus(),
      createSiteCensus(),
    ]);
    expect(canonical && importanceOf(canonical, 0)).toBeCloseTo((2 * 15) / 7, 12);
  });
});
