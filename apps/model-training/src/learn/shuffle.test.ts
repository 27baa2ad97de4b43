import { expect, test } from "bun:test";
import { createRandom } from "./random.ts";
import { shuffle } from "./shuffle.ts";

async function* count(to: number, seen = { most: 0 }) {
  for (let i = 0; i < to; i += 1) {
    seen.most = i;
    yield i;
  }
}

async function collect(to: number, size: number, seed: number): Promise<number[]> {
  const out: number[] = [];
  for await (const item of shuffle(count(to), size, createRandom(seed))) out.push(item);
  return out;
}

test.each([
  [0, 4],
  [1, 4],
  [4, 4],
  [100, 4],
  [100, 1000],
])("shuffle() gives each of %d items once, holding %d", async (to, size) => {
  const out = await collect(to, size, 1);
  expect([...out].sort((a, b) => a - b)).toEqual(Array.from({ length: to }, (_, i) => i));
});

test("shuffle() gives the order of its seed", async () => {
  const [first, again, other] = [
    await collect(100, 16, 1),
    await collect(100, 16, 1),
    await collect(100, 16, 2),
  ];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(first).not.toEqual(await collect(100, 1, 1));
});

test("shuffle() reads no further ahead than it may hold", async () => {
  const seen = { most: 0 };
  for await (const item of shuffle(count(1000, seen), 10, createRandom(1))) {
    expect(seen.most - item).toBeLessThan(1000);
    if (item === 0) expect(seen.most).toBeGreaterThanOrEqual(10);
    break;
  }
  expect(seen.most).toBe(10);
});
