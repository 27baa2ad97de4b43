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

type Fields = Parameters<typeof makeReport>[0];

/** Reports of a shape in batches, 50,000 a second by the service's clock, and the most memory they took. */
function flood(count: number, make: (i: number) => Fields) {
  const before = readHeap();
  const service = createTestService({ MOST_PENDING: "20000" });
  let grown = 0;
  for (let from = 0; from < count; from += BATCH) {
    service.book.add(Array.from({ length: BATCH }, (_, i) => makeReport(make(from + i))));
    service.pass(10);
    if (from % (count / 4) === 0) {
      grown = Math.max(grown, readHeap() - before);
    }
  }
  return { service, grown };
}

test("a million reports that are never paired stay within their room", () => {
  const { service, grown } = flood(1_000_000, (i) => ({
    requestId: `r-${i}`,
    url: `${i}.example/a-long-path-of-some-sort-that-is-another-each-time`,
    explanation,
  }));
  expect(service.book.pending).toBeLessThanOrEqual(20_000);
  expect(grown).toBeLessThan(60 * MB);
}, 120_000);

test("reports of pairs that all differ, of ever new models, stay within their room", () => {
  const { service, grown } = flood(300_000, (i) => ({
    requestId: `r-${i >> 1}`,
    role: i % 2 === 0 ? "live" : "mirror",
    url: `${i >> 1}.example`,
    probability: i % 2,
    model: { name: "wide-bag", version: `2.0.${i >> 12}` },
  }));
  expect(service.book.summarise("24h")?.differences).toHaveLength(6);
  expect(service.book.pending).toBeLessThanOrEqual(20_000);
  expect(grown).toBeLessThan(60 * MB);
}, 120_000);

test("one id for many reports takes the room of one", () => {
  const { service } = flood(100_000, () => ({ requestId: "chosen" }));
  expect(service.book.pending).toBe(1);
  expect(service.book.summarise("1h")).toBeUndefined();
}, 120_000);
