import { expect, test } from "bun:test";
import { createTestService } from "./testing/create-test-service.ts";
import { makeReport } from "./testing/make-report.ts";

const BATCH = 500;
const MB = 1024 * 1024;

function readHeap(): number {
  Bun.gc(true);
  return process.memoryUsage().heapUsed;
}

const explanation = {
  method: "occlusion" as const,
  parts: Array.from({ length: 6 }, (_, i) => ({ text: `part ${i} ${"x".repeat(50)}`, weight: i })),
};

/** A million reports of a shape, in batches, 50,000 a second; each asks for all the room it may. */
function flood(make: (i: number) => Parameters<typeof makeReport>[0]) {
  const service = createTestService({ MOST_PENDING: "20000" });
  let most = 0;
  for (let from = 0; from < 1_000_000; from += BATCH) {
    service.book.add(
      Array.from({ length: BATCH }, (_, i) =>
        makeReport({
          url: `${from + i}.example/${"p".repeat(250)}`,
          explanation,
          ...make(from + i),
        }),
      ),
    );
    service.pass(10);
    if (from % 250_000 === 0) {
      most = Math.max(most, readHeap());
    }
  }
  return { service, most };
}

test("a million reports that are never paired stay within their room", () => {
  const before = readHeap();
  const { service, most } = flood((i) => ({ requestId: `r-${i}`, role: "live" }));
  expect(service.book.pending).toBeLessThanOrEqual(20_000);
  expect(most - before).toBeLessThan(100 * MB);
}, 60_000);

test("a million reports of pairs that all differ, and of ever new models, stay within their room", () => {
  const before = readHeap();
  const { service, most } = flood((i) => ({
    requestId: `r-${i >> 1}`,
    role: i % 2 === 0 ? "live" : "mirror",
    url: `${i >> 1}.example`,
    probability: i % 2,
    version: `v${i >> 12}`,
    model: { name: "wide-bag", version: `2.0.${i >> 12}` },
  }));
  expect(service.book.summarise("24h")?.differences).toHaveLength(4);
  expect(service.book.pending).toBeLessThanOrEqual(20_000);
  expect(most - before).toBeLessThan(100 * MB);
}, 60_000);

test("one id for a million reports takes the room of one", () => {
  const { service } = flood(() => ({ requestId: "chosen" }));
  expect(service.book.pending).toBe(1);
  expect(service.book.summarise("1h")).toBeUndefined();
}, 60_000);
