import { describe, expect, test } from "bun:test";
import { FakeModel } from "../testing/fake-model.ts";
import type { Bag } from "./model.ts";
import { Queue, type Scored } from "./queue.ts";
import { Slot } from "./slot.ts";

const BAG: Bag = { ids: Int32Array.of(1, 2, 3), ends: new Int32Array(11).fill(3), scale: 1 };
const same = (scored: Scored) => scored;
const many = (queue: Queue, count: number) =>
  Promise.all(Array.from({ length: count }, () => queue.score(BAG, same)));

describe("Queue", () => {
  test("joins the requests of one turn, at most 32 a run", async () => {
    const model = new FakeModel();
    await many(new Queue({ slot: new Slot(model), limit: 1000 }), 70);
    expect(model.runs).toEqual([32, 32, 6]);
  });

  test("runs each by itself when it is told to", async () => {
    const model = new FakeModel();
    await many(new Queue({ slot: new Slot(model), limit: 1000, coalesce: false }), 3);
    expect(model.runs).toEqual([1, 1, 1]);
  });

  test("does not wait for more when there is one", async () => {
    const model = new FakeModel();
    const queue = new Queue({ slot: new Slot(model), limit: 1000 });
    let turns = 0;
    const count = () => {
      turns++;
      setImmediate(count);
    };
    const scored = queue.score(BAG, same);
    setImmediate(count);
    await scored;
    expect(turns).toBeLessThan(3);
  });

  test("gathers what comes during a run into the next", async () => {
    const gate = Promise.withResolvers<void>();
    const model = new FakeModel({ gate: () => gate.promise });
    const queue = new Queue({ slot: new Slot(model), limit: 1000 });
    const first = queue.score(BAG, same);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = many(queue, 5);
    gate.resolve();
    await Promise.all([first, rest]);
    expect(model.runs).toEqual([1, 5]);
  });

  test("refuses beyond its limit and takes again when there is room", async () => {
    const queue = new Queue({ slot: new Slot(new FakeModel()), limit: 2 });
    const waiting = many(queue, 2);
    expect(() => queue.score(BAG, same)).toThrow("Too many URLs wait for the model");
    await waiting;
    expect(queue.length).toBe(0);
    expect((await queue.score(BAG, same)).model.label).toBe("v1");
  });

  test("whenRoom() lets batches fill half of the queue, one after another, and refuses none", async () => {
    const model = new FakeModel();
    const queue = new Queue({ slot: new Slot(model), limit: 128 });
    const lengths: number[] = [];
    const batch = () =>
      queue.whenRoom(32, () => {
        const scores = many(queue, 32);
        lengths.push(queue.length);
        return scores;
      });
    await Promise.all(Array.from({ length: 10 }, batch));
    expect(Math.max(...lengths)).toBe(64);
    expect(model.runs).toEqual(Array(10).fill(32));
  });

  test("whenRoom() takes more than the limit when nothing waits, and only these", async () => {
    const queue = new Queue({ slot: new Slot(new FakeModel()), limit: 4 });
    const scores = queue.whenRoom(5, () => many(queue, 5));
    expect(() => queue.score(BAG, same)).toThrow("Too many URLs wait for the model");
    expect(await scores).toHaveLength(5);
  });

  test("gives what finish makes of the score, and fails the one whose finish throws", async () => {
    const queue = new Queue({ slot: new Slot(new FakeModel()), limit: 10 });
    const results = await Promise.allSettled([
      queue.score(BAG, () => {
        throw new Error("spoilt");
      }),
      queue.score(BAG, ({ model }) => model.label),
    ]);
    expect(results).toMatchObject([
      { status: "rejected", reason: { message: "spoilt" } },
      { status: "fulfilled", value: "v1" },
    ]);
  });

  test("fails those of a broken run only", async () => {
    let broken = true;
    const model = new FakeModel({
      score() {
        if (broken) {
          throw new Error("broken");
        }
        return 0;
      },
    });
    const queue = new Queue({ slot: new Slot(model), limit: 10 });
    const results = await Promise.allSettled([queue.score(BAG, same), queue.score(BAG, same)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    broken = false;
    expect((await queue.score(BAG, same)).probability).toBe(0.5);
  });

  test("a swap between two runs loses nobody, and each answer names its model", async () => {
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const before = new FakeModel({ gate: turn });
    const after = new FakeModel({ card: { version: "2.0.0" } });
    const slot = new Slot(before);
    const queue = new Queue({ slot, limit: 1000 });
    const scores = many(queue, 64);
    await turn();
    await slot.put(after);
    const labels = (await scores).map(({ model }) => model.label);
    expect(labels.filter((label) => label === "v1")).toHaveLength(32);
    expect(labels.filter((label) => label === "v2")).toHaveLength(32);
    expect(before.released).toBe(true);
  });
});
