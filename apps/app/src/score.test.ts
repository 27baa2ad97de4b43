import { describe, expect, test } from "bun:test";
import { addToScore, parseScore } from "./score.ts";

describe("parseScore()", () => {
  test.each([
    ["3-5", { agreed: 3, total: 5 }],
    ["0-0", { agreed: 0, total: 0 }],
    ["9999-9999", { agreed: 9999, total: 9999 }],
    // Anything that a visitor can put into the cookie, and that is no score.
    [undefined, { agreed: 0, total: 0 }],
    ["", { agreed: 0, total: 0 }],
    ["5-3", { agreed: 0, total: 0 }],
    ["-1-3", { agreed: 0, total: 0 }],
    ["1e3-9999", { agreed: 0, total: 0 }],
    ["10000-10000", { agreed: 0, total: 0 }],
    ["1-2<script>", { agreed: 0, total: 0 }],
    ["1-2\n", { agreed: 0, total: 0 }],
  ])("of %j", (text, expected) => {
    expect(parseScore(text)).toEqual(expected);
  });
});

describe("addToScore()", () => {
  test.each([
    ["an agreed guess counts on both sides", true, { agreed: 2, total: 4 }],
    ["another guess counts as asked only", false, { agreed: 1, total: 4 }],
    ["no sure verdict counts not at all", null, { agreed: 1, total: 3 }],
  ])("%s", (_, agreed, expected) => {
    expect(addToScore({ agreed: 1, total: 3 }, agreed)).toEqual(expected);
  });

  test("stops at the limit of the cookie", () => {
    const full = { agreed: 5000, total: 9999 };
    expect(addToScore(full, true)).toEqual(full);
  });
});
