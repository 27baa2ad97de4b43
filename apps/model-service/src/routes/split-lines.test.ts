import { expect, test } from "bun:test";
import { createSplitter } from "./split-lines.ts";

const encode = (text: string) => new TextEncoder().encode(text);

test("createSplitter() gives lines when they end, blank ones left out", () => {
  const splitter = createSplitter({ mostBytes: 100 });
  expect(splitter.push(encode("a\nb"))).toEqual(["a"]);
  expect(splitter.push(encode("c\n \n\nd"))).toEqual(["bc"]);
  expect(splitter.end()).toEqual(["d"]);
  expect(splitter.end()).toEqual([]);
});

test("createSplitter() puts a character together that two chunks share", () => {
  const splitter = createSplitter({ mostBytes: 100 });
  const bytes = encode("é🦊");
  expect(bytes.length).toBe(6);
  const lines = Array.from(bytes, (byte) => splitter.push(Uint8Array.of(byte))).flat();
  expect([...lines, ...splitter.end()]).toEqual(["é🦊"]);
});

test("createSplitter() keeps no more of an endless line than it is told", () => {
  const splitter = createSplitter({ mostBytes: 10 });
  for (let i = 0; i < 100; i++) {
    expect(splitter.push(encode("xxxxx"))).toEqual([]);
  }
  expect(splitter.end()).toEqual(["x".repeat(10)]);
});

test("createSplitter() gives no text for a line that is not UTF-8, and leaves the others alone", () => {
  const splitter = createSplitter({ mostBytes: 100 });
  const bytes = Uint8Array.from(encode("é\n_\nb\n"), (byte) => (byte === 0x5f ? 0xff : byte));
  expect(splitter.push(bytes)).toEqual(["é", undefined, "b"]);
});
