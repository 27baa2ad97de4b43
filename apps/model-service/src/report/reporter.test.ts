import { describe, expect, test } from "bun:test";
import { createLog } from "../log.ts";
import { createTestApp } from "../testing/create-test-app.ts";
import { createReporter, MOST_WAITING, type Prediction, type ReporterOptions } from "./reporter.ts";

const PREDICTION: Prediction = {
  requestId: "r-0",
  mirrored: false,
  url: "https://ann@example.org/a?user=1",
  latencyMs: 1.23456,
  answer: {
    prediction: "Phishing",
    probability: 0.123456789012,
    threshold: 0.1,
    confidence: "sure",
    band: { low: 0, high: 0.1 },
    atBaseRate: [],
    decidedBy: "model",
    brand: null,
    model: { name: "linear", version: "1.2.3" },
  },
};

interface Report {
  readonly requestId: string;
  readonly [field: string]: unknown;
}

/** A reporter to a report that answers what it is told to, and what came of it. */
function createWatched(options: Partial<ReporterOptions> = {}) {
  const counts = { sent: 0, dropped: 0, failed: 0 };
  const batches: (readonly Report[])[] = [];
  const lines: string[] = [];
  const log = createLog({ level: "info", sink: (text) => lines.push(text) > 0 });
  const answer = { status: 202 };
  const reporter = createReporter({
    url: "http://shadow-report",
    queries: "redact",
    log,
    metrics: {
      reported(outcome, count) {
        counts[outcome] += count;
      },
    },
    holdMs: 1,
    async fetch(url, init) {
      expect(url).toBe("http://shadow-report/reports");
      expect(init.proxy).toBe(false);
      batches.push(JSON.parse(String(init.body)).reports);
      return new Response(null, { status: answer.status });
    },
    ...options,
  });
  function report(count: number, from = 0): void {
    for (let i = from; i < from + count; i++) {
      reporter.report({ ...PREDICTION, requestId: `r-${i}` });
    }
  }
  return { reporter, report, counts, batches, answer, lines, log };
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    await new Promise(setImmediate);
  }
}

describe("createReporter()", () => {
  test("reports what was agreed, with the URL redacted", async () => {
    const { reporter, batches, counts } = createWatched();
    reporter.report(PREDICTION);
    await until(() => counts.sent === 1);
    expect(batches).toEqual([
      [
        {
          requestId: "r-0",
          role: "live",
          version: "v1",
          model: { name: "linear", version: "1.2.3" },
          prediction: "Phishing",
          confidence: "sure",
          decidedBy: "model",
          probability: 0.123456789012,
          latencyMs: 1.235,
          url: "example.org/a?…",
        },
      ],
    ]);
  });

  test("tells a digest of the model that answered, which is another when a model is swapped", async () => {
    let sha256 = "ab".repeat(32);
    const { reporter, batches } = createWatched({
      holdMs: 3_600_000,
      readSha256: () => sha256,
    });
    reporter.report(PREDICTION);
    sha256 = "cd".repeat(32);
    reporter.report(PREDICTION);
    await reporter.stop();
    expect(batches.flat().map(({ model }) => model)).toEqual([
      { name: "linear", version: "1.2.3", digest: "abababababab" },
      { name: "linear", version: "1.2.3", digest: "cdcdcdcdcdcd" },
    ]);
  });

  test("tells the mirror, a label of its own and the explanation", async () => {
    const { reporter, batches, counts } = createWatched({ label: "canary" });
    const explanation = { method: "exact", logit: 1, bias: 0, parts: [], lexical: [] } as const;
    const answer = {
      ...PREDICTION.answer,
      explanation: { ...explanation, parts: [], lexical: [] },
    };
    reporter.report({ ...PREDICTION, mirrored: true, answer });
    await until(() => counts.sent === 1);
    expect(batches[0]?.[0]).toMatchObject({
      role: "mirror",
      version: "canary",
      explanation: { method: "exact", parts: [] },
    });
  });

  test("keeps no more of an explanation than it will tell", async () => {
    const { reporter, batches, counts } = createWatched();
    const part = { start: 0, end: 1, text: "a", weight: 1, segment: "host" as const };
    const explanation = { method: "exact" as const, logit: 1, bias: 0, parts: [part], lexical: [] };
    reporter.report({ ...PREDICTION, answer: { ...PREDICTION.answer, explanation } });
    // What is done to it now would be seen in the report if it were kept.
    explanation.parts.length = 0;
    await until(() => counts.sent === 1);
    expect(batches[0]?.[0]?.["explanation"]).toEqual({
      method: "exact",
      parts: [{ text: "a", weight: 1 }],
    });
  });

  test("reports what a model had a say in, not what a rule left unsure by the address alone", async () => {
    const { reporter, batches } = createWatched({ holdMs: 3_600_000 });
    for (const [requestId, decidedBy, confidence] of [
      ["sure", "model", "sure"],
      ["in the band", "model", "unsure"],
      ["brand", "brand-rule", "sure"],
      ["shortener", "shortener-rule", "unsure"],
      ["private", "private-host-rule", "unsure"],
      ["open", "open-host-rule", "unsure"],
    ] as const) {
      const answer = { ...PREDICTION.answer, decidedBy, confidence };
      reporter.report({ ...PREDICTION, requestId, answer });
    }
    await reporter.stop();
    expect(batches.flat().map(({ requestId }) => requestId)).toEqual([
      "sure",
      "in the band",
      "brand",
      // Of a host where people post another model may say legitimate: its half of the pair would wait in vain.
      "open",
    ]);
  });

  test("sends 500 at once without waiting, in their order, none twice", async () => {
    const { report, batches, counts, reporter } = createWatched({ holdMs: 3_600_000 });
    report(1234);
    await until(() => counts.sent === 1000);
    expect(batches.map((batch) => batch.length)).toEqual([500, 500]);
    await reporter.stop();
    expect(batches.flat().map(({ requestId }) => requestId)).toEqual(
      Array.from({ length: 1234 }, (_, i) => `r-${i}`),
    );
  });

  test("keeps the newest when the report does not answer, and counts what it drops", async () => {
    const hang = Promise.withResolvers<Response>();
    const ids: string[] = [];
    const { report, reporter, counts } = createWatched({
      fetch(_, { body }) {
        const { reports }: { reports: readonly Report[] } = JSON.parse(String(body));
        ids.push(...reports.map(({ requestId }) => requestId));
        return hang.promise;
      },
    });
    report(500);
    await until(() => ids.length === 500);
    report(MOST_WAITING + 777, 500);
    hang.resolve(new Response(null, { status: 202 }));
    await reporter.stop();
    expect(counts).toEqual({ sent: 500 + MOST_WAITING, dropped: 777, failed: 0 });
    expect(ids.slice(499, 501)).toEqual(["r-499", "r-1277"]);
  });

  test.each([
    ["refuses", async () => new Response(null, { status: 503 })],
    ["is not there", () => Promise.reject(new Error("Unable to connect"))],
    [
      "never answers",
      (_: string, { signal }: RequestInit) =>
        new Promise<Response>((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    ],
  ])("backs off while the report %s, and says so once", async (_, fetch) => {
    const calls: number[] = [];
    const { report, reporter, counts, lines, log } = createWatched({
      fetch(url, init) {
        calls.push(performance.now());
        return fetch(url, init);
      },
      holdMs: 8,
      timeoutMs: 20,
    });
    for (let round = 1; round <= 3; round++) {
      report(1);
      await until(() => counts.failed === round);
    }
    const [first = 0, second = 0, third = 0] = calls;
    // 16 and 32 ms, less what a timer may be early.
    expect(second - first).toBeGreaterThanOrEqual(15);
    expect(third - second).toBeGreaterThanOrEqual(31);
    await reporter.stop();
    log.flush();
    expect(lines.join("").match(/report-away/g)).toHaveLength(1);
  });

  test("goes on as before when the report is back", async () => {
    const { report, counts, answer, lines, log } = createWatched();
    answer.status = 500;
    report(2);
    await until(() => counts.failed === 2);
    answer.status = 202;
    report(1200);
    await until(() => counts.sent === 1200);
    answer.status = 500;
    report(1);
    await until(() => counts.failed === 3);
    expect(counts).toEqual({ sent: 1200, dropped: 0, failed: 3 });
    log.flush();
    // Away twice, so it is said twice.
    expect(lines.join("").match(/report-away/g)).toHaveLength(2);
  });

  test("stops with a last batch, and sends nothing after it", async () => {
    const { report, reporter, batches } = createWatched();
    report(3);
    await reporter.stop();
    const idle = createWatched();
    await idle.reporter.stop();
    report(3);
    idle.report(3);
    const later = createWatched({ holdMs: 5 });
    later.report(1);
    await until(() => later.counts.sent === 1);
    expect(batches.map((batch) => batch.length)).toEqual([3]);
    expect(idle.batches).toEqual([]);
  });

  test("stays below the report's limit of 1 MB with the longest URLs and parts", async () => {
    const sizes: number[] = [];
    const { reporter, counts } = createWatched({
      async fetch(_, { body }) {
        sizes.push(Buffer.byteLength(String(body)));
        return new Response(null, { status: 202 });
      },
    });
    const url = `https://example.org/${"字".repeat(1000)}?`;
    const parts = Array.from({ length: 40 }, (_, i) => {
      const text = `${i}${"\u0001".repeat(80)}`;
      return { start: 0, end: 1, text, weight: 1 / 3, segment: "path" as const };
    });
    const explanation = { method: "exact" as const, logit: 1, bias: 0, parts, lexical: [] };
    for (let i = 0; i < 1000; i++) {
      reporter.report({ ...PREDICTION, url, answer: { ...PREDICTION.answer, explanation } });
    }
    await until(() => counts.sent === 1000);
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  }, 120_000);
});

describe("POST /predict with a reporter", () => {
  function createReported() {
    const reports: Prediction[] = [];
    const reporter = { report: (one: Prediction) => void reports.push(one), stop: async () => {} };
    return { reports, ...createTestApp({ reporter }) };
  }

  test("reports each answer with the id and the role of its request", async () => {
    const { post, reports } = createReported();
    const headers = { "x-request-id": "abc", host: "model-service-shadow" };
    const response = await post("/predict?explain=true", { url: "https://a.example/" }, headers);
    const [report] = reports;
    expect(report).toMatchObject({ requestId: "abc", mirrored: true, url: "https://a.example/" });
    expect(JSON.stringify(report?.answer)).toBe(await response.text());
    expect(report?.latencyMs).toBeGreaterThan(0);
  });

  test("reports no error and no batch", async () => {
    const { post, reports } = createReported();
    await post("/predict", { url: "hello there" });
    await post("/predict/batch", { urls: ["a.example"] });
    expect(reports).toEqual([]);
  });
});
