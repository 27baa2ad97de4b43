import { describe, expect, test } from "bun:test";
import { createMetrics, type RecordedCheck } from "./metrics.ts";

/** Names and types of rows S13 to S23 of the original, which dashboards and alerts are built on. */
const ORIGINAL: [string, string][] = [
  ["page_requests_total", "counter"],
  ["model_requests_total", "counter"],
  ["phishing_detection_total", "counter"],
  ["user_phishing_guess_total", "counter"],
  ["user_same_guess_total", "counter"],
  ["user_guess_status", "gauge"],
  ["phishing_rate", "gauge"],
  ["user_phishing_guess_rate", "gauge"],
  ["user_same_guess_rate", "gauge"],
  ["model_request_summary", "summary"],
  ["model_request_histogram", "histogram"],
];

async function readSamples(checks: RecordedCheck[]): Promise<Record<string, number>> {
  const metrics = createMetrics({ variant: "v2" });
  for (const check of checks) metrics.recordCheck(check);
  const text = await metrics.registry.metrics();
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)\{version="v2"\} (.+)$/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
}

describe("createMetrics()", () => {
  test.each(ORIGINAL)("has %s as a %s of the original", async (name, type) => {
    const text = await createMetrics({ variant: "v1" }).registry.metrics();
    expect(text).toContain(`# TYPE ${name} ${type}\n`);
  });

  test("says the variant on every line", async () => {
    const metrics = createMetrics({ variant: "v2" });
    metrics.recordHttp({ method: "GET", route: "/", status: 200, seconds: 0.01 });
    metrics.recordModelCall({ outcome: "answered", seconds: 0.2 });
    const lines = (await metrics.registry.metrics()).split("\n").filter((line) => /^\w/.test(line));
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.filter((line) => !line.includes('version="v2"'))).toEqual([]);
  });

  test("has the buckets of the original, and a summary of count and sum only", async () => {
    const metrics = createMetrics({ variant: "v1" });
    metrics.recordModelCall({ outcome: "answered", seconds: 0.03 });
    const text = await metrics.registry.metrics();
    const buckets = [...text.matchAll(/^model_request_histogram_bucket\{le="([^"]+)",.* (\d)$/gm)];
    expect(buckets.map(([, le, count]) => `${le}:${count}`).join(" ")).toBe(
      "0.005:0 0.01:0 0.025:0 0.05:1 0.075:1 0.1:1 0.25:1 0.5:1 0.75:1 1:1 2.5:1 5:1 7.5:1 10:1 +Inf:1",
    );
    expect([...text.matchAll(/^(model_request_summary\w*)/gm)].map(([name]) => name)).toEqual([
      "model_request_summary_sum",
      "model_request_summary_count",
    ]);
  });

  const phishing = { verdict: "Phishing", guess: "phishing", agreed: true } as const;
  const wrong = { verdict: "Legitimate", guess: "phishing", agreed: false } as const;
  const safe = { verdict: "Legitimate", guess: "legitimate", agreed: true } as const;
  const unsure = { verdict: "Unsure", guess: "legitimate", agreed: null } as const;
  const unknown = { verdict: "Unknown", guess: "phishing", agreed: null } as const;
  const unasked = { verdict: "Phishing", guess: null, agreed: null } as const;

  test.each<[string, RecordedCheck[], Record<string, number>]>([
    [
      "nothing yet",
      [],
      {
        phishing_rate: 0,
        user_phishing_guess_rate: 0,
        user_same_guess_rate: 0,
        user_guess_status: 0,
      },
    ],
    [
      "one right guess",
      [phishing],
      {
        phishing_detection_total: 1,
        user_same_guess_total: 1,
        user_guess_status: 1,
        phishing_rate: 100,
        user_same_guess_rate: 100,
      },
    ],
    [
      "rates fall again (row S26)",
      [phishing, wrong, safe, safe],
      {
        phishing_rate: 25,
        user_phishing_guess_rate: 50,
        user_same_guess_rate: 75,
        user_guess_status: 1,
      },
    ],
    [
      "status is the last comparison",
      [phishing, wrong, unsure],
      { user_guess_status: 0, user_same_guess_rate: 50 },
    ],
    [
      "unsure is judged, but not compared",
      [phishing, unsure],
      { phishing_rate: 50, user_same_guess_rate: 100, user_phishing_guess_rate: 50 },
    ],
    [
      "unknown is not judged, but guessed",
      [phishing, unknown],
      { phishing_rate: 100, user_phishing_guess_total: 2, user_same_guess_rate: 100 },
    ],
    [
      "without a guess only the verdict counts",
      [safe, unasked],
      {
        phishing_detection_total: 1,
        phishing_rate: 50,
        user_phishing_guess_rate: 0,
        user_same_guess_rate: 100,
      },
    ],
  ])("%s", async (_, checks, expected) => {
    expect(await readSamples(checks)).toMatchObject(expected);
  });

  test("has the table of the experiment with every cell from the start", async () => {
    const metrics = createMetrics({ variant: "v1" });
    metrics.recordCheck(wrong);
    const text = await metrics.registry.metrics();
    const cells = [
      ...text.matchAll(
        /^experiment_checks_total\{guess="(\w+)",verdict="(\w+)",version="v1"\} (\d+)$/gm,
      ),
    ];
    expect(cells.length).toBe(12);
    expect(cells.filter(([, , , count]) => count !== "0").map(([, ...cell]) => cell)).toEqual([
      ["phishing", "Legitimate", "1"],
    ]);
  });
});
