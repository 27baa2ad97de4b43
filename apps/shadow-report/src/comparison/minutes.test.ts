import { expect, test } from "bun:test";
import { MINUTE_MS, Minutes, MOST_MINUTES } from "./minutes.ts";

function createClocked() {
  let minute = 10_000;
  let made = 0;
  const minutes = new Minutes({
    create: () => ({ number: made++ }),
    now: () => minute * MINUTE_MS,
  });
  return {
    minutes,
    set(to: number) {
      minute = 10_000 + to;
    },
    read: (count: number) => minutes.last(count).map(({ number }) => number),
  };
}

test("Minutes keeps one thing a minute, and gives those of the last, the running one included", () => {
  const { minutes, set, read } = createClocked();
  expect(minutes.current).toBe(minutes.current);
  set(1.9);
  expect(minutes.current.number).toBe(1);
  set(3);
  expect(minutes.current.number).toBe(2);
  expect(read(1)).toEqual([2]);
  expect(read(2)).toEqual([2]);
  expect(read(3)).toEqual([1, 2]);
  expect(read(1440)).toEqual([0, 1, 2]);
});

test("Minutes forgets what is older than a day", () => {
  const { minutes, set, read } = createClocked();
  for (let minute = 0; minute < 3 * MOST_MINUTES; minute++) {
    set(minute);
    minutes.current.number.toFixed();
  }
  expect(read(1_000_000)).toHaveLength(MOST_MINUTES);
  expect(read(2)).toEqual([3 * MOST_MINUTES - 2, 3 * MOST_MINUTES - 1]);
});
