import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { readConfig } from "./config.ts";
import { createTestApp } from "./testing.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const README = await Bun.file(resolve(import.meta.dirname, "../README.md")).text();
const hasCurl = Bun.which("curl") !== null;
if (!hasCurl) console.warn("SKIPPED: the commands of the README; there is no curl here");

/** The commands of the console block, each with the output that the README shows. */
function readConsole(): [string, string][] {
  const block = /```console\n([\s\S]*?)```/.exec(README)?.[1] ?? "";
  return block
    .split(/^\$ /m)
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [command = "", ...output] = entry.split("\n");
      return [command, output.join("\n").trimEnd()];
    });
}

/** The rows of the table under a heading, their cells without code marks. */
function readTable(heading: string): string[][] {
  const section = README.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

describe("README.md", () => {
  const [[startCommand, startOutput] = ["", ""], ...commands] = readConsole();
  let server: Bun.Subprocess<"ignore", "pipe", "inherit">;
  let listening: Record<string, string> = {};

  beforeAll(async () => {
    const command = startCommand.replace(/ &$/, "").split(" ");
    // The page alone, as shown: nobody listens at port 1.
    const env = {
      PATH: process.env["PATH"],
      PORT: "0",
      METRICS_PORT: "0",
      MODEL_URL: "http://127.0.0.1:1",
    };
    server = Bun.spawn(command, { cwd: ROOT, env, stdout: "pipe", stderr: "inherit" });
    const { value } = await server.stdout.getReader().read();
    listening = JSON.parse(new TextDecoder().decode(value));
  }, 120_000);
  afterAll(() => server.kill());

  test("shows the line that the start prints", () => {
    expect(Object.keys(JSON.parse(startOutput))).toEqual(Object.keys(listening));
    expect(JSON.parse(startOutput)).toMatchObject({
      event: listening["event"],
      url: "http://127.0.0.1:8080",
    });
  });

  test.skipIf(!hasCurl).each(commands)(
    "shows what %s prints",
    async (command, expected) => {
      const real = command.replace("http://127.0.0.1:8080", listening["url"] ?? "");
      const { stdout } = Bun.spawnSync(["sh", "-c", real]);
      expect(stdout.toString().trimEnd()).toBe(expected);
    },
    120_000,
  );

  test("has every variable with its default", () => {
    const expected = Object.entries(readConfig({})).map(([name, value]) => [name, String(value)]);
    expect(readTable("Environment").map(([name = "", value = ""]) => [name, value])).toEqual(
      expected,
    );
  });

  test("has every metric with its type", async () => {
    const { metrics } = await createTestApp();
    const text = await metrics.registry.metrics();
    const expected = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(
      ([, name = "", type = ""]) => [name, type],
    );
    const shown = readTable("Metrics").map(([name = "", type = ""]) => [name, type]);
    expect(shown.toSorted()).toEqual(expected.toSorted());
  });

  test("has every endpoint", async () => {
    const { app } = await createTestApp();
    const expected = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`);
    const shown = [...README.matchAll(/^- `((?:GET|POST) [^`]+)` —/gm)].map(
      ([, endpoint]) => endpoint,
    );
    expect(shown).toEqual([...new Set(expected), "GET /metrics"]);
  });
});
