import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { findChart, HELM, listDeployedCharts, renderChart } from "./charts.ts";
import { TREE } from "./render.ts";
import { readValues } from "./tree-files.ts";

// What kube-prometheus-stack makes of our values, where helm and the chart are at hand. No Go module
// holds it: it is there where `bun run bootstrap download` has been.

const chart = listDeployedCharts().find(({ folder }) => folder === "kube-prometheus-stack");
const isAbsent = HELM === undefined || chart === undefined || findChart(chart) === undefined;
if (isAbsent) console.warn("gitops/monitoring-chart.test.ts: helm or the chart is not at hand");

const Project = z.object({
  spec: z.object({
    destinations: z.array(z.object({ namespace: z.string() })),
    clusterResourceWhitelist: z.array(z.object({ group: z.string(), kind: z.string() })),
  }),
});

describe.skipIf(isAbsent)("kube-prometheus-stack", async () => {
  const rendered =
    isAbsent || chart === undefined ? [] : await renderChart(chart, readValues(chart.folder));
  const names = rendered.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

  test.each([
    // Named by Kiali's configuration, by `bootstrap open` and `bootstrap credentials`.
    ["Service/kube-prometheus-stack-prometheus"],
    ["Service/kube-prometheus-stack-alertmanager"],
    ["Service/kube-prometheus-stack-grafana"],
    ["Secret/kube-prometheus-stack-grafana"],
  ])("has the %s that others name", (name) => expect(names).toContain(name));

  test("looks for nothing that k3s does not show (trap 12)", () => {
    const watched = names.filter((name) =>
      /^ServiceMonitor.*(controller-manager|etcd|proxy|scheduler)/.test(name),
    );
    expect(watched).toEqual([]);
    expect(names.filter((name) => /^Job|Webhook/.test(name))).toEqual([]);
  });

  test("reads every monitor and rule, and gives a route all alerts (trap 12)", () => {
    const spec = (kind: string) => rendered.find((one) => one.kind === kind)?.["spec"];
    expect(spec("Prometheus")).toMatchObject({
      podMonitorSelector: {},
      ruleSelector: {},
      serviceMonitorSelector: {},
      serviceMonitorNamespaceSelector: {},
    });
    expect(spec("Alertmanager")).toMatchObject({
      alertmanagerConfigMatcherStrategy: { type: "None" },
    });
  });

  test("has only what its project allows, where the project allows it", () => {
    const { spec } = Project.parse(
      parse(readFileSync(join(TREE, "applications", "appproject-platform.yaml"), "utf8")),
    );
    const kinds = spec.clusterResourceWhitelist.map(({ group, kind }) => `${group}/${kind}`);
    const namespaces = spec.destinations.map(({ namespace }) => namespace);
    const strange = rendered.filter(({ apiVersion, kind, metadata }) => {
      const namespace = metadata["namespace"];
      const group = apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : "";
      return namespace === undefined
        ? !kinds.includes(`${group}/${kind}`)
        : !namespaces.includes(String(namespace));
    });
    expect(strange.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
  });
});
