import { expect, test } from "bun:test";
import { readLines } from "./read-lines.ts";

async function read(...chunks: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk, "latin1"));
      controller.close();
    },
  });
  await readLines(stream, (line) => lines.push(line));
  return lines;
}

test.each([
  ["whole lines", ["a\nb\n"], ["a", "b"]],
  ["a line in two pieces", ["a", "b\n"], ["ab"]],
  ["a last line without its end", ["a\nb"], ["a", "b"]],
  ["an empty line", ["\n"], [""]],
  ["a letter in two pieces", ["\xc3", "\xa9\n"], ["é"]],
])("readLines() reads %s", async (_, chunks, lines) => {
  expect(await read(...chunks)).toEqual(lines);
});

test("readLines() hands on a line without an end in parts: whoever prints one must not fill the memory", async () => {
  const lines = await read(...Array<string>(100).fill("x".repeat(10_000)));
  expect(lines.length).toBeGreaterThan(1);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(100_000);
  expect(lines.join("").length).toBe(1_000_000);
});
