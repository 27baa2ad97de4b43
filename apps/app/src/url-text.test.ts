import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Part } from "./model-answer.ts";
import { markUrl, splitForeign, splitInvisible } from "./url-text.ts";

const show = (text: string) =>
  splitInvisible(text)
    .map(({ kind, text }) => (kind === "text" ? text : `[${text}]`))
    .join("");

describe("splitInvisible()", () => {
  test.each([
    ["plain text stays", "https://a.example/b?c=1", "https://a.example/b?c=1"],
    ["a right-to-left override", "gpj\u202Eexe.a", "gpj[U+202E]exe.a"],
    ["a NUL and a line break", "a\0b\nc", "a[U+0000]b[U+000A]c"],
    ["zero width and soft hyphen", "pay\u200Bp\u00ADal", "pay[U+200B]p[U+00AD]al"],
    ["a space of any kind", "a b\u00A0c\u3000d", "a[U+0020]b[U+00A0]c[U+3000]d"],
    ["half a surrogate pair", "a\uD800b", "a[U+D800]b"],
    ["a tag character beyond the basic plane", "a\u{E0041}", "a[U+E0041]"],
    ["a blank that counts as a letter", "a\u3164b\u115F", "a[U+3164]b[U+115F]"],
    ["letters and emoji of the world stay", "пример.рф/مثال/😀", "пример.рф/مثال/😀"],
  ])("%s", (_, text, expected) => {
    expect(show(text)).toBe(expected);
  });
});

const part = (start: number, end: number, weight: number): Part => ({
  start,
  end,
  text: "",
  weight,
  segment: "host",
});
const marks = (url: string, parts: Part[]) =>
  markUrl(url, parts).map(({ text, direction, strong }) =>
    direction === null ? text : `${direction[0]}${strong ? "!" : ""}(${text})`,
  );

test.each([
  ["a.example", ["a.example"]],
  ["", [""]],
  ["\u0430pple.com", ["", "\u0430", "pple.com"]],
  ["p\u0430\u0443pal", ["p", "\u0430\u0443", "pal"]],
  ["a\u0301b", ["", "a\u0301", "b"]],
  ["xa\u0301", ["x", "a\u0301", ""]],
  ["a\u{1F600}", ["a", "\u{1F600}", ""]],
])("splitForeign() of %p is %p", (text, expected) => {
  expect(splitForeign(text)).toEqual(expected);
});

describe("markUrl()", () => {
  test.each([
    ["no parts", "abcd", [], ["abcd"]],
    ["a part in the middle", "abcd", [part(1, 3, 2)], ["a", "p!(bc)", "d"]],
    [
      "a lighter one for the other side",
      "abcd",
      [part(0, 1, 2), part(2, 3, -0.5)],
      ["p!(a)", "b", "l(c)", "d"],
    ],
    ["neighbours of a kind become one", "abcd", [part(0, 2, 2), part(2, 4, 1.5)], ["p!(abcd)"]],
    [
      "what hardly weighs is not marked",
      "abcd",
      [part(0, 2, 2), part(2, 4, 0.1)],
      ["p!(ab)", "cd"],
    ],
    [
      "where two overlap the heavier shows",
      "abcd",
      [part(0, 3, 1), part(2, 4, -2)],
      ["p!(ab)", "l!(cd)"],
    ],
    [
      "parts outside the URL are ignored",
      "ab",
      [part(1, 9, 1), part(5, 6, 1), part(2, 1, 3)],
      ["ab"],
    ],
    ["an emoji is not cut", "a😀b", [part(1, 2, 1)], ["a", "p!(😀)", "b"]],
    ["offsets are UTF-16, so an emoji counts twice", "😀bc", [part(3, 4, 1)], ["😀b", "p!(c)"]],
    ["no weight at all", "ab", [part(0, 2, 0)], ["ab"]],
  ])("%s", (_, url, parts, expected) => {
    expect(marks(url, parts)).toEqual(expected);
  });

  test("never loses or adds a character", () => {
    const anyPart = fc.record({
      start: fc.nat(80),
      end: fc.nat(80),
      weight: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.array(anyPart), (url, parts) => {
        const runs = markUrl(
          url,
          parts.map(({ start, end, weight }) => part(start, end, weight)),
        );
        expect(runs.map(({ text }) => text).join("")).toBe(url);
      }),
    );
  });
});
