import { expect, test } from "bun:test";
import { toPrintable } from "./printable.ts";

test.each([
  ["text of any language", "Straße ☺ 🐤 – “a”\n\tb", "Straße ☺ 🐤 – “a”\n\tb"],
  ["what clears the screen", "a\u001b[2Jb", "a\\u001b[2Jb"],
  ["a line that writes over itself", "evil\rgood\b\u007f", "evil\\u000dgood\\u0008\\u007f"],
  ["a control of eight bits", "\u009b31m", "\\u009b31m"],
  ["text that turns its direction", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["marks that turn the signs beside them", "1\u200f-\u061c2\u200e", "1\\u200f-\\u061c2\\u200e"],
])("toPrintable() of %s", (_, text, expected) => {
  expect(toPrintable(text)).toBe(expected);
});

test("toPrintable() of JSON says the same", () => {
  const value = { text: "\u001b[2J\u009b31m\u202e\r\n\t" };
  expect(JSON.parse(toPrintable(JSON.stringify(value, null, 2)))).toEqual(value);
});
