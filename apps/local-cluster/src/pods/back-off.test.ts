import { expect, test } from "bun:test";
import { createBackOff } from "./back-off.ts";

test("createBackOff() waits longer each time, to half a minute, and anew after a calm minute", () => {
  const { next } = createBackOff();
  const ran = [0, 10, 10, 10, 10, 10, 10, 10, 60_000, 10];
  expect(ran.map(next)).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 0, 1000]);
});
