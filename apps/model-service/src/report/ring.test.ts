import { expect, test } from "bun:test";
import { Ring } from "./ring.ts";

function drain<Item>(ring: Ring<Item>): Item[] {
  return Array.from({ length: ring.length }, () => ring.shift()).filter(
    (item) => item !== undefined,
  );
}

test("Ring gives back in order, and undefined when it is empty", () => {
  const ring = new Ring<number>(3);
  expect(ring.shift()).toBeUndefined();
  for (let round = 0; round < 5; round++) {
    ring.push(round);
    ring.push(round + 10);
    expect(ring.length).toBe(2);
    expect(drain(ring)).toEqual([round, round + 10]);
  }
  expect(ring.takeDropped()).toBe(0);
});

test("Ring pushes out the oldest when it is full and counts them once", () => {
  const ring = new Ring<number>(3);
  for (let item = 0; item < 8; item++) {
    ring.push(item);
  }
  expect(ring.takeDropped()).toBe(5);
  expect(ring.takeDropped()).toBe(0);
  expect(drain(ring)).toEqual([5, 6, 7]);
});
