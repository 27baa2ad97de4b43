import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { readTree } from "./checks/tree.ts";
import { goldenPath } from "./golden.ts";
import { parseResources, TREE } from "./render.ts";

const absent = Bun.which("promtool") === null;
if (absent) console.warn("gitops/rules.test.ts: promtool is not installed, the rules are not run");

const TESTS = join(TREE, "testdata", "rules");
const files = readdirSync(TESTS);
const tree = readTree(parseResources(await Bun.file(goldenPath("monitoring")).text()));
const groups = tree.prometheusRules.flatMap(({ spec }) => spec.groups);
const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));

const folder = mkdtempSync(join(tmpdir(), "hookline-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs one file of tests against the rules; gives the exit code and what promtool says. */
async function runPromtool(rules: unknown, file: string): Promise<[code: number, output: string]> {
  await Bun.write(join(folder, "rules.yaml"), stringify({ groups: rules }));
  await Bun.write(join(folder, file), Bun.file(join(TESTS, file)));
  const child = Bun.spawn(["promtool", "test", "rules", file], {
    cwd: folder,
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return [await child.exited, output.join("")];
}

describe.skipIf(absent)("the rules, run by promtool", () => {
  test.each(files)(
    "%s",
    async (file) => {
      const [code, output] = await runPromtool(groups, file);
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
    },
    120_000,
  );

  test.each([
    [
      "S30: fifteen a second, pod by pod",
      "HighRequestRate",
      "traffic.yaml",
      "rate(page_requests_total[1m]) > 15",
    ],
    [
      "a limiter that is told of when one of two is down",
      "LimiterDown",
      "platform.yaml",
      'up{job="ratelimit"} == 0',
    ],
    [
      "a limiter without its Redis, which is up and not ready",
      "LimiterDown",
      "platform.yaml",
      'sum by (namespace) (up{job="ratelimit"}) == 0',
    ],
    [
      "whole numbers that never meet",
      "ModelDrifts",
      "drift.yaml",
      'max by (namespace, version) (abs(sum by (namespace, version, le) (rate(model_probability_bucket[6h])) / on (namespace, version) group_left () sum by (namespace, version) (rate(model_probability_count[6h])) - on (namespace, version, le) model_reference_share{of="probability"})) > 0.2',
    ],
  ])(
    "find a planted fault: %s",
    async (_, name, file, expr) => {
      const planted = groups.map((group) => ({
        ...group,
        rules: group.rules.map((rule) => (rule.alert === name ? { ...rule, expr } : rule)),
      }));
      const [code, output] = await runPromtool(planted, file);
      expect(code).not.toBe(0);
      expect(output).toContain(`alertname: ${name}`);
    },
    120_000,
  );
});

describe("every alert", () => {
  const Tests = z.object({
    tests: z.array(
      z.object({
        alert_rule_test: z
          .array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).default([]) }))
          .default([]),
      }),
    ),
  });

  test("is tested both to fire and to be silent", async () => {
    const texts = await Promise.all(files.map((file) => Bun.file(join(TESTS, file)).text()));
    const cases = texts
      .flatMap((text) => Tests.parse(parse(text)).tests)
      .flatMap((one) => one.alert_rule_test);
    const fired = new Set(cases.flatMap((one) => (one.exp_alerts.length > 0 ? one.alertname : [])));
    const silent = new Set(
      cases.flatMap((one) => (one.exp_alerts.length === 0 ? one.alertname : [])),
    );
    expect([...fired].sort()).toEqual(alerts.toSorted());
    expect([...silent].sort()).toEqual(alerts.toSorted());
  });

  test("has a runbook of its name", async () => {
    const runbooks = await Bun.file(join(TREE, "runbooks.md")).text();
    const headings = [...runbooks.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(alerts.filter((alert) => !headings.includes(alert))).toEqual([]);
    const links = groups.flatMap(({ rules }) =>
      rules.flatMap(({ annotations }) => annotations["runbook"] ?? []),
    );
    expect(links).toEqual(alerts.map((alert) => `gitops/runbooks.md#${alert.toLowerCase()}`));
  });
});
