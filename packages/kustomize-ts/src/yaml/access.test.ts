import { expect, test } from "bun:test";
import { setField } from "./access.ts";
import { createMap, createPlain, Style } from "./node.ts";

test.each([
  ["nginx:1.27", Style.plain],
  ["registry:5000/a:b@sha256:0f", Style.plain],
  ["a:b c", Style.plain],
  ["12:30", Style.plain],
  ["a: b", Style.doubleQuoted],
  ["nginx:", Style.doubleQuoted],
  ["yes", Style.doubleQuoted],
  ["1.5 ", Style.doubleQuoted],
  ["[a]", Style.doubleQuoted],
])("setField() quotes what would be no string to YAML 1.1: %j", (text, style) => {
  const map = createMap();
  map.kind = "map";
  expect(setField(map, "x", createPlain(text))?.style).toBe(style);
});
