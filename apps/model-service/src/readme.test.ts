import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stopServers } from "@hookline/http-service/testing";
import { Environment } from "./config.ts";
import { createTestApp } from "./testing/create-test-app.ts";
import { startService } from "./testing/start-service.ts";

const ROOM = join(import.meta.dirname, "..");
const README = readFileSync(join(ROOM, "README.md"), "utf8");
const LINEAR = join(ROOM, "models/v1");
const CURL = Bun.which("curl") !== null && existsSync(LINEAR);
if (!CURL) {
  console.warn("skipped: the README's commands need curl and the model of models/v1");
}

/** Its commands with the output that stands below each. */
const EXAMPLES = [...README.matchAll(/```sh\n\$ (.*)\n([\s\S]*?)```/g)].map(
  ([, command = "", output = ""]) => ({ command, output }),
);

let url = "";
beforeAll(async () => {
  if (CURL) {
    ({ url } = await startService({ MODEL_DIR: LINEAR, BRAND_RULES: "on" }));
  }
}, 120_000);
afterAll(stopServers);

/** Ports and the last digits differ by machine; all else must be as it is written. */
function blur(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/\d+\.\d+(e-\d+)?(?![.\d])/g, (figure) => Number(figure).toPrecision(2));
}

const CURLS = EXAMPLES.filter(({ command }) => command.includes("curl"));

test.skipIf(!CURL).each(CURLS)("the README's $command gives what stands below it", async (row) => {
  const command = row.command.replace("http://127.0.0.1:8081", url);
  const text = await new Response(Bun.spawn(["sh", "-c", command]).stdout).text();
  expect(blur(text.trimEnd())).toBe(blur(row.output.trimEnd()));
});

test("the README shows the start and three requests", () => {
  expect(EXAMPLES).toHaveLength(4);
  expect(CURLS).toHaveLength(3);
});

test("the README names every variable of the environment with its default", () => {
  const rows = README.split("\n").filter((line) => line.startsWith("| `"));
  const names = rows.flatMap((row) =>
    [...String(row.split("|")[1]).matchAll(/`(\w+)`/g)].map(([, name]) => String(name)),
  );
  expect(names.toSorted()).toEqual(Object.keys(Environment.shape).toSorted());
  const { SHADOW_REPORT_URL, VERSION_LABEL, MODEL_DIR, BRANDS_FILE, ...defaults } =
    Environment.parse({});
  expect([VERSION_LABEL, SHADOW_REPORT_URL]).toEqual([undefined, undefined]);
  expect(MODEL_DIR).toEndWith("models/v1");
  expect(BRANDS_FILE).toEndWith("models/brands.json");
  for (const [name, value] of Object.entries(defaults)) {
    expect(rows.find((row) => row.includes(`\`${name}\``))).toContain(`\`${value}\``);
  }
});

test("the README names every endpoint", async () => {
  const { app } = createTestApp();
  const document = JSON.parse(await (await app.request("/openapi.json")).text());
  const endpoints = Object.entries<object>(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `- \`${method.toUpperCase()} ${path}\` — `),
  );
  expect(endpoints.filter((endpoint) => !README.includes(endpoint))).toEqual([]);
});
