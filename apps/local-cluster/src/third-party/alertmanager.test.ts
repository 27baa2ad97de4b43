import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@hookline/mesh";
import { renderOverlay } from "../overlay/render.ts";
import { wantsAlertmanager, writeAlertmanagerFiles } from "./alertmanager.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-alertmanager-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "alertmanager.yml");
const GITOPS = join(import.meta.dirname, "../../../../gitops");

const amtool = Bun.which("amtool");
if (amtool === null)
  console.warn("SKIPPED: amtool's word on the configuration, it is not installed");

const configOf = (spec: JsonObject): JsonObject => ({
  kind: "AlertmanagerConfig",
  metadata: { name: "alerts", namespace: "ns" },
  spec,
});

test("writeAlertmanagerFiles() makes of the overlay's routes what the operator makes", async () => {
  const { resources } = renderOverlay({ gitops: GITOPS, overlay: "monitoring" });
  expect(wantsAlertmanager(resources)).toBe(true);
  writeAlertmanagerFiles(folder, resources, { mailPort: 2525 });
  const prefix = "hookline-monitoring/hookline";
  expect(await Bun.file(path).json()).toEqual({
    route: {
      receiver: "null",
      routes: [
        {
          receiver: `${prefix}/operator`,
          group_by: ["alertname", "namespace"],
          group_wait: "30s",
          group_interval: "5m",
          repeat_interval: "12h",
          matchers: [],
          continue: true,
          routes: [
            {
              receiver: `${prefix}/nobody`,
              matchers: ['alertname=~"Watchdog|InfoInhibitor"'],
              routes: [],
            },
          ],
        },
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['alertname="ErrorBudgetBurnsFast"'],
        target_matchers: ['alertname="ErrorBudgetBurns"'],
        equal: ["namespace"],
      },
    ],
    receivers: [
      { name: "null" },
      { name: `${prefix}/nobody`, email_configs: [] },
      {
        name: `${prefix}/operator`,
        email_configs: [
          {
            to: "operator@hookline.example",
            from: "alertmanager@hookline.example",
            smarthost: "127.0.0.1:2525",
            require_tls: false,
            send_resolved: true,
          },
        ],
      },
    ],
  });
});

test.skipIf(amtool === null)("amtool takes what writeAlertmanagerFiles() writes", async () => {
  const { resources } = renderOverlay({ gitops: GITOPS, overlay: "production" });
  writeAlertmanagerFiles(folder, resources, { mailPort: 2525 });
  const child = Bun.spawn(["amtool", "check-config", path], { stdout: "pipe", stderr: "pipe" });
  expect([await child.exited, await child.stderr.text()]).toEqual([0, ""]);
});

test("writeAlertmanagerFiles() sends no mail to a server outside of this machine", async () => {
  const email = { to: "a@x.example", from: "b@x.example", smarthost: "smtp.x.example:587" };
  const resource = configOf({
    route: { receiver: "one" },
    receivers: [{ name: "one", emailConfigs: [email] }],
  });
  writeAlertmanagerFiles(folder, [resource], { mailPort: 2525 });
  expect(await Bun.file(path).text()).not.toContain("smtp.x.example");
});

test.each([
  [{ route: {}, receivers: [{ name: "a", slackConfigs: [] }] }, "spec.receivers.0.slackConfigs"],
  [{ route: { activeTimeIntervals: ["a"] } }, "spec.route.activeTimeIntervals"],
  [{ route: {}, muteTimeIntervals: [] }, "spec.muteTimeIntervals"],
  [{}, "spec.route"],
])("writeAlertmanagerFiles() refuses %j by the name of the field", (spec, field) => {
  expect(() => writeAlertmanagerFiles(folder, [configOf(spec)], { mailPort: 1 })).toThrow(
    `AlertmanagerConfig "ns/alerts": "${field}" is not known here`,
  );
});
