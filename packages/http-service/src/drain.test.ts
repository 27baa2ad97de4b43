import { expect, test } from "bun:test";
import { drain } from "./drain.ts";

/** A server that ends by itself, or only when its connections are closed. */
function createServer({ endsByItself }: { readonly endsByItself: boolean }) {
  const stops: boolean[] = [];
  return {
    stops,
    stop(closeActiveConnections = false): Promise<void> {
      stops.push(closeActiveConnections);
      return endsByItself || closeActiveConnections ? Promise.resolve() : new Promise(() => {});
    },
  };
}

test("drain() leaves connections alone when all were answered", async () => {
  const server = createServer({ endsByItself: true });
  expect(await drain(server, { delayMs: 0, limitMs: 60_000 })).toBe(true);
  expect(server.stops).toEqual([false]);
});

test("drain() closes what is still open after its time, and says so", async () => {
  const server = createServer({ endsByItself: false });
  expect(await drain(server, { delayMs: 0, limitMs: 1 })).toBe(false);
  expect(server.stops).toEqual([false, true]);
});
