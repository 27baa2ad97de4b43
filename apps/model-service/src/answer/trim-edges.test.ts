import { expect, test } from "bun:test";
import fc from "fast-check";
import { trimEdges } from "./trim-edges.ts";

const LINK = "https://www.paypal.com";

test.each([
  ["a comma", `${LINK},`, LINK],
  ["a semicolon", `${LINK};`, LINK],
  ["an exclamation mark", `${LINK}!`, LINK],
  ["a full stop", `${LINK}/a.`, `${LINK}/a`],
  ["a colon", `${LINK}/a:`, `${LINK}/a`],
  ["a bracket that it did not open", `${LINK})`, LINK],
  ["stars", `**${LINK}**`, LINK],
  ["brackets", `(${LINK})`, LINK],
  ["square brackets", `[${LINK}/].`, `${LINK}/`],
  ["curly brackets", `{${LINK}}`, LINK],
  ["English quotes", `“${LINK}”`, LINK],
  ["German quotes", `„${LINK}“`, LINK],
  ["French quotes with blanks", `«\u00a0${LINK}\u00a0»`, LINK],
  ["single quotes", `‘${LINK}’,`, LINK],
  ["angles", `‹${LINK}>`, LINK],
  ["backticks", `\`${LINK}\``, LINK],
  ["blanks and quotes", ` "${LINK}"\n`, LINK],
  ["brackets around its own", `(${LINK}/Foo_(bar)).`, `${LINK}/Foo_(bar)`],
  ["a mark alone", "*", ""],
])("trimEdges() takes away %s", (_, text, expected) => {
  expect(trimEdges(text).trim()).toBe(expected);
});

test.each([
  ["brackets of its own", "https://en.wikipedia.org/wiki/Foo_(bar)"],
  ["an address as host", "[2001:db8::1]"],
  ["an address behind a scheme", "http://[::1]"],
  ["a masked dot", "example[.]com"],
  ["a step up", "https://example.org/a/.."],
  ["dots", "https://example.org/a..."],
  ["punctuation within", "https://example.org/a,b;c!d*e)/"],
  ["nothing", ""],
  ["a letter", "a"],
])("trimEdges() leaves %s", (_, text) => expect(trimEdges(text)).toBe(text));

test("trimEdges() keeps every other character in its place, and has no more to do", () => {
  const Text = fc.string({ unit: fc.constantFrom(..."ab/.,(*)[]“”: \n") });
  fc.assert(
    fc.property(Text, (text) => {
      const trimmed = trimEdges(text);
      const core = trimmed.trim();
      expect(trimmed.length).toBe(text.length);
      expect(text.slice(trimmed.indexOf(core)).startsWith(core)).toBe(true);
      expect(trimEdges(trimmed).trim()).toBe(core);
    }),
  );
});
