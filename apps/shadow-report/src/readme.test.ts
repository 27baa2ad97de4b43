import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startServer, stopServers } from "@hookline/http-service/testing";
import { createTrial } from "./comparison/trial.ts";
import { Environment } from "./config.ts";
import { createTestService } from "./testing/create-test-service.ts";
import { makePair } from "./testing/make-report.ts";

const README = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const CURL = Bun.which("curl") !== null;
if (!CURL) {
  console.warn("skipped: the README's commands need curl");
}

/** Its commands with the output that stands below each. */
const EXAMPLES = [...README.matchAll(/```sh\n\$ (.*)\n([\s\S]*?)```/g)].map(
  ([, command = "", output = ""]) => ({ command, output }),
);
const CURLS = EXAMPLES.filter(({ command }) => command.includes("curl"));

let url = "";
beforeAll(async () => {
  ({ url } = await startServer(join(import.meta.dirname, "server.ts")));
}, 120_000);
afterAll(stopServers);

test.skipIf(!CURL).each(CURLS)("the README's $command gives what stands below it", async (row) => {
  const command = row.command.replace("http://127.0.0.1:8082", url);
  const text = await new Response(Bun.spawn(["sh", "-c", command]).stdout).text();
  expect(text.trimEnd()).toBe(row.output.trimEnd());
});

test("the README shows the start and two requests", () => {
  expect([EXAMPLES.length, CURLS.length]).toEqual([3, 2]);
});

test("the README names every variable of the environment with its default", () => {
  const rows = README.split("\n").filter((line) => line.startsWith("| `"));
  const names = rows.flatMap((row) =>
    [...String(row.split("|")[1]).matchAll(/`(\w+)`/g)].map(([, name]) => String(name)),
  );
  expect(names.toSorted()).toEqual(Object.keys(Environment.shape).toSorted());
  for (const [name, value] of Object.entries(Environment.parse({}))) {
    expect(rows.find((row) => row.includes(`\`${name}\``))).toContain(`\`${value}\``);
  }
});

test("the README names every endpoint", () => {
  const { app, metricsApp } = createTestService();
  const paths = [...app.routes, ...metricsApp.routes]
    .filter(({ method, path }) => method !== "ALL" && !path.startsWith("/assets/"))
    .map(({ method, path }) => `\`${method} ${path}\``);
  expect(paths).toHaveLength(7);
  expect(paths.filter((path) => !README.includes(path))).toEqual([]);
});

test("the README tells how soon the tests decide with the defaults", () => {
  const limits = { tolerated: 0.01, intolerable: 0.02 };
  const create = () =>
    createTrial({
      newWarnings: limits,
      lostWarnings: limits,
      falseReject: 0.05,
      falsePromote: 0.05,
    });
  const [, passes, hits, among] =
    /With the defaults (\d+) URLs .* and (\d+) new warnings among the first (\d+) reject/.exec(
      README,
    ) ?? [];
  const quiet = create();
  while (quiet.lostWarnings.verdict === "undecided") {
    quiet.add(makePair(`site-${quiet.urls}.example`));
  }
  expect(quiet.urls).toBe(Number(passes));
  expect(quiet.newWarnings.verdict).toBe("tolerable");

  for (const [count, verdict] of [
    [Number(among), "intolerable"],
    [Number(among) + 1, "undecided"],
  ] as const) {
    const loud = create();
    const first = count - Number(hits);
    for (let i = 0; i < count; i++) {
      const isNew = i >= first;
      loud.add(makePair(`site-${i}.example`, isNew ? { mirror: { prediction: "Phishing" } } : {}));
    }
    expect(loud.newWarnings.verdict).toBe(verdict);
  }
});
