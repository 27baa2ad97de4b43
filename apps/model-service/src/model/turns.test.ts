import { expect, test } from "bun:test";
import { createTurns } from "./turns.ts";

test("createTurns() runs two at a time, in their order, whether they fail or not", async () => {
  const takeTurn = createTurns({ most: 2 });
  const begun: number[] = [];
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const works = ends.map(({ promise }, i) =>
    takeTurn(() => {
      begun.push(i);
      return promise;
    }),
  );
  const settled = Promise.allSettled(works);
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error("no such work"));
  await works[1]?.catch(() => undefined);
  // Whoever comes now is behind those who wait.
  const last = takeTurn(async () => begun.push(4));
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.resolve(0);
  ends[2]?.resolve(2);
  ends[3]?.resolve(3);
  await last;
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
});
