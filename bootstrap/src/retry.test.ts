import { afterEach, expect, jest, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { type Attempt, readFailure, readRefusal, retry } from "./retry.ts";

afterEach(() => {
  jest.useRealTimers();
});

const NOW = Date.parse("2026-01-01T00:00:00Z");

test.each<[number, string | undefined, Attempt<never>]>([
  [404, undefined, { kind: "final", reason: "HTTP 404" }],
  [500, undefined, { kind: "again", reason: "HTTP 500" }],
  [429, "7", { kind: "again", reason: "HTTP 429", afterMs: 7000 }],
  [429, "Thu, 01 Jan 2026 00:00:30 GMT", { kind: "again", reason: "HTTP 429", afterMs: 30_000 }],
  [503, "Wed, 31 Dec 2025 00:00:00 GMT", { kind: "again", reason: "HTTP 503", afterMs: 0 }],
  [503, "soon", { kind: "again", reason: "HTTP 503" }],
])("readRefusal() of %d, retry-after %p", (status, said, expected) => {
  const headers = said === undefined ? {} : { "retry-after": said };
  expect(readRefusal(new Response("", { status, headers }), NOW)).toEqual(expected);
});

test.each<[string, number | undefined, number[]]>([
  ["twice as long each time", undefined, [1, 2, 4]],
  ["as long as the server asks for", 7000, [7, 7, 7]],
  ["two minutes at the most", 86_400_000, [120, 120, 120]],
])("retry() waits %s, and gives the last attempt", async (_, afterMs, seconds) => {
  jest.useFakeTimers();
  const moments: number[] = [];
  const told: string[] = [];
  const attempt = async () => {
    moments.push(Date.now());
    const asked = afterMs === undefined ? {} : { afterMs };
    return { kind: "again", reason: `attempt ${moments.length}`, ...asked } as const;
  };
  const result = retry(attempt, { attempts: 4, onAgain: (text) => told.push(text) });
  for (const _ of seconds) {
    // Some turns, until it waits.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    jest.advanceTimersToNextTimer();
  }
  expect(await result).toMatchObject({ kind: "again", reason: "attempt 4" });
  expect(moments.slice(1).map((moment, at) => (moment - Number(moments[at])) / 1000)).toEqual(
    seconds,
  );
  expect(told).toEqual(seconds.map((s, at) => `attempt ${at + 1}; once more in ${s} s`));
});

test("retry() stops in the middle of a wait", async () => {
  const stop = new AbortController();
  const result = retry(async () => ({ kind: "again", reason: "ill" }) as const, {
    pauseMs: 100_000,
    signal: stop.signal,
    onAgain: () => setTimeout(() => stop.abort(), 5),
  });
  expect(await result).toEqual({ kind: "again", reason: "ill" });
});

test("readFailure() gives up on who is not there, and comes back after a cut", async () => {
  const refused = await fetch("http://127.0.0.1:9").catch(readFailure);
  const unknown = await fetch("http://nobody.invalid").catch(readFailure);
  const cut = readFailure(new Error("The socket connection was closed unexpectedly"));
  expect([refused, unknown, cut]).toMatchObject([
    { kind: "final" },
    { kind: "final" },
    { kind: "again" },
  ]);
});

test("readFailure() gives up where the disk has no room", async () => {
  const full = await writeFile("/dev/full", "a byte").catch(readFailure);
  expect(full).toMatchObject({ kind: "final", reason: expect.stringContaining("ENOSPC") });
});
