import { expect, setSystemTime, test } from "bun:test";
import { createLog } from "./log.ts";

function collect(level: "debug" | "warn" = "debug") {
  const texts: string[] = [];
  const state = { open: true };
  const log = createLog({
    level,
    sink(text) {
      if (state.open) {
        texts.push(text);
      }
      return state.open;
    },
  });
  return { log, texts, state };
}

test("createLog() writes lines of one turn together, each a JSON object", () => {
  const { log, texts } = collect();
  log.write("info", "one", { n: 1 });
  log.write("error", "two");
  log.flush();
  expect(texts).toHaveLength(1);
  const lines = texts
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: "info", event: "one", n: 1 },
    { level: "error", event: "two" },
  ]);
  expect(new Date(lines[0].time).getTime()).toBeGreaterThan(0);
});

test("createLog() tells lines of one millisecond apart by level and event", () => {
  const { log, texts } = collect();
  const written = [
    ["info", "one"],
    ["info", "two"],
    ["warn", "two"],
    ["warn", "two"],
    ["info", "one"],
  ] as const;
  try {
    setSystemTime(new Date("2026-01-01T00:00:00.001Z"));
    for (const [level, event] of written) log.write(level, event);
  } finally {
    setSystemTime();
  }
  log.flush();
  const head = '{"time":"2026-01-01T00:00:00.001Z"';
  const lines = written.map(([level, event]) => `${head},"level":"${level}","event":"${event}"}\n`);
  expect(texts.join("")).toBe(lines.join(""));
});

test("createLog() flushes by itself", async () => {
  const { log, texts } = collect();
  log.write("info", "one");
  expect(texts).toHaveLength(0);
  while (texts.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(texts).toHaveLength(1);
});

test("createLog() leaves out what is below its level", () => {
  const { log, texts } = collect("warn");
  log.write("info", "quiet");
  log.flush();
  expect(texts).toHaveLength(0);
});

test("createLog() counts what a stalled reader did not take, and tells it", () => {
  const { log, texts, state } = collect();
  state.open = false;
  log.write("info", "lost");
  log.write("info", "lost");
  log.flush();
  state.open = true;
  log.write("info", "kept");
  log.flush();
  expect(texts.join("")).toContain('"event":"log-dropped","dropped":2');
});

test("createLog() hands on at once what would fill half a pipe", () => {
  const { log, texts } = collect();
  const text = "x".repeat(20_000);
  log.write("info", "half", { text });
  expect(texts).toHaveLength(0);
  log.write("info", "full", { text });
  expect(texts).toHaveLength(1);
});
