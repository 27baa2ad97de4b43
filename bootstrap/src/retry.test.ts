import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { type Attempt, readFailure, readRefusal, retry } from "./retry.ts";

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

test("retry() waits longer each time, and gives the last attempt", async () => {
  const told: string[] = [];
  let count = 0;
  const result = await retry(
    async () => ({ kind: "again", reason: `attempt ${++count}` }) as const,
    { attempts: 3, pauseMs: 1, onAgain: (text) => told.push(text) },
  );
  expect(result).toEqual({ kind: "again", reason: "attempt 3" });
  expect(told).toEqual(["attempt 1; once more in 1 s", "attempt 2; once more in 1 s"]);
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
