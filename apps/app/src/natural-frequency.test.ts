import { describe, expect, test } from "bun:test";
import { formatApart, formatPercent, toNaturalFrequency } from "./natural-frequency.ts";

describe("toNaturalFrequency()", () => {
  test.each([
    [0, "fewer than 1 of 10000"],
    [0.00004, "fewer than 1 of 10000"],
    [0.00021, "about 2 of 10000"],
    [0.0021, "about 2 of 1000"],
    [0.07, "about 7 of 100"],
    [0.44, "about 44 of 100"],
    [0.994, "about 99 of 100"],
    [0.9951, "about 995 of 1000"],
    [0.99951, "about 9995 of 10000"],
    [0.99999, "more than 9999 of 10000"],
    [1, "more than 9999 of 10000"],
  ])("of %d is %s", (share, expected) => {
    const { about, count, of } = toNaturalFrequency(share);
    expect(`${about} ${count} of ${of}`).toBe(expected);
  });
});

describe("formatPercent()", () => {
  test.each([
    [0, "less than 0.1%"],
    [0.0009, "less than 0.1%"],
    [0.001, "0.1%"],
    [0.0213, "2.1%"],
    [0.0994, "9.9%"],
    [0.0995, "10%"],
    [0.5, "50%"],
    [0.989, "99%"],
    [0.9895, "99.0%"],
    [0.999, "99.9%"],
    [0.9991, "more than 99.9%"],
    [1, "more than 99.9%"],
  ])("of %d is %s", (share, expected) => {
    expect(formatPercent(share)).toBe(expected);
  });
});

describe("formatApart()", () => {
  test.each([
    [[0.74, 0.62, 0.91], "74%, 62%, 91%"],
    [[0.803, 0.12, 0.80475], "80.3%, 12.0%, 80.5%"],
    [[0.8046, 0.12, 0.80475], "80.46%, 12.00%, 80.47%"],
    [[0.8, 0.8, 0.9], "80%, 80%, 90%"],
    [[0.0001, 0.0002, 0.8], "less than 0.1%, less than 0.1%, 80%"],
  ])("writes %j as %s", (shares, texts) => {
    expect(shares.map(formatApart(shares)).join(", ")).toBe(texts);
  });
});
