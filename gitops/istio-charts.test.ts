import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import {
  findChart,
  HELM,
  listDeployedCharts,
  type Manifest,
  renderChart,
  UPSTREAM,
} from "./charts.ts";
import { isSelected } from "./checks/finding.ts";
import { ServiceMonitor } from "./checks/mesh-kinds.ts";
import { GATEWAY_POD } from "./checks/pods.ts";
import { COLLECTOR } from "./checks/tracing.ts";
import { listOverlays, TREE } from "./render.ts";
import { readValues } from "./tree-files.ts";

// What Istio's charts make of our values, where helm and the charts are at hand.

const LONG = 120_000;
const charts = new Map(
  listDeployedCharts()
    .filter(({ folder }) => folder.startsWith("istio"))
    .map((chart) => [chart.folder, chart]),
);
const isWhole =
  HELM !== undefined && [...charts.values()].every((chart) => findChart(chart) !== undefined);
if (!isWhole)
  console.warn(
    "gitops/istio-charts.test.ts: helm or a chart is not at hand, Istio's charts are not rendered",
  );

const read = (path: string): unknown => parse(readFileSync(join(TREE, path), "utf8"));
function render(folder: string, set: readonly string[] = []): Promise<Manifest[]> {
  const chart = charts.get(folder);
  if (chart === undefined) throw new Error(`Cannot render "${folder}": it is not deployed`);
  return renderChart(chart, readValues(folder), set);
}
const groupKind = ({ apiVersion, kind }: Manifest): string =>
  `${apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : ""}/${kind}`;

const Application = z.object({
  spec: z.object({
    ignoreDifferences: z
      .array(z.object({ kind: z.string(), jqPathExpressions: z.array(z.string()).default([]) }))
      .default([]),
  }),
});
const Webhooks = z.object({
  webhooks: z.array(
    z.object({
      failurePolicy: z.string().optional(),
      clientConfig: z.looseObject({ caBundle: z.string().optional() }),
    }),
  ),
});

describe.skipIf(!isWhole)("Istio's charts", () => {
  test.each([["istio-base"], ["istiod"]] as const)(
    "what istiod writes into the webhooks of %s is not compared (trap 1)",
    async (name) => {
      const { spec } = Application.parse(read(`applications/application-${name}.yaml`));
      const rewritten = (await render(name))
        .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
        .flatMap((one) =>
          Webhooks.parse(one).webhooks.flatMap(({ failurePolicy, clientConfig }) => [
            ...(clientConfig.caBundle === undefined
              ? [`${one.kind} .webhooks[]?.clientConfig.caBundle`]
              : []),
            ...(failurePolicy === "Ignore" ? [`${one.kind} .webhooks[]?.failurePolicy`] : []),
          ]),
        );
      const excepted = spec.ignoreDifferences.flatMap(({ kind, jqPathExpressions }) =>
        jqPathExpressions.map((path) => `${kind} ${path}`),
      );
      expect(rewritten).not.toEqual([]);
      expect(rewritten.filter((path) => !excepted.includes(path))).toEqual([]);
    },
    LONG,
  );

  test(
    "the project lets them write what is not in a namespace",
    async () => {
      const Project = z.object({
        spec: z.object({
          clusterResourceWhitelist: z.array(z.object({ group: z.string(), kind: z.string() })),
        }),
      });
      const { spec } = Project.parse(read("applications/appproject-platform.yaml"));
      const allowed = spec.clusterResourceWhitelist.map(({ group, kind }) => `${group}/${kind}`);
      const all = (
        await Promise.all(
          (["istio-base", "istio-cni", "istiod"] as const).map((one) => render(one)),
        )
      ).flat();
      const outside = all.filter((one) => one.metadata["namespace"] === undefined).map(groupKind);
      expect(outside.filter((one) => !allowed.includes(one))).toEqual([]);
    },
    LONG,
  );

  test(
    "istiod logs JSON, normalises paths, traces to the collector, and knows one gateway a namespace",
    async () => {
      const rendered = await render("istiod");
      const Mesh = z.object({
        metadata: z.object({ name: z.literal("istio") }),
        data: z.looseObject({ mesh: z.string() }),
      });
      const mesh = rendered.map((one) => Mesh.safeParse(one)).find(({ success }) => success)?.data;
      const config: unknown = parse(mesh?.data.mesh ?? "");
      const name = COLLECTOR.provider;
      expect(config).toMatchObject({
        accessLogFile: "/dev/stdout",
        accessLogEncoding: "JSON",
        pathNormalization: { normalization: "DECODE_AND_MERGE_SLASHES" },
        enablePrometheusMerge: false,
        defaultConfig: { tracingServiceName: "CANONICAL_NAME_AND_NAMESPACE" },
        extensionProviders: [{ name, opentelemetry: { port: COLLECTOR.port } }],
      });
      const deployment = JSON.stringify(rendered.filter(({ kind }) => kind === "Deployment"));
      expect(deployment).toContain('{"name":"PILOT_SCOPE_GATEWAY_TO_NAMESPACE","value":"true"}');
    },
    LONG,
  );

  test(
    "a sidecar keeps the restricted standard: a seccomp profile, and the CNI instead of NET_ADMIN",
    async () => {
      const Injector = z.object({
        metadata: z.object({ name: z.literal("istio-sidecar-injector") }),
        data: z.object({ values: z.string() }),
      });
      const injector = (await render("istiod"))
        .map((one) => Injector.safeParse(one))
        .find(({ success }) => success)?.data;
      expect(JSON.parse(injector?.data.values ?? "{}")).toMatchObject({
        global: { proxy: { seccompProfile: { type: "RuntimeDefault" }, privileged: false } },
        pilot: { cni: { enabled: true, cniBinDir: "/var/lib/rancher/k3s/data/cni" } },
      });
    },
    LONG,
  );

  const Gateway = z.object({
    spec: z.object({
      template: z.object({
        metadata: z.object({ labels: z.record(z.string(), z.string()) }),
        spec: z.object({
          containers: z.array(z.object({ ports: z.array(z.looseObject({ name: z.string() })) })),
        }),
      }),
    }),
  });

  test(
    "the gateway's pods have the labels and the metrics port that our rules name",
    async () => {
      const deployment = (await render("istio-gateway")).find(({ kind }) => kind === "Deployment");
      const { template } = Gateway.parse(deployment).spec;
      expect(template.metadata.labels).toMatchObject(GATEWAY_POD.labels);
      const ports = template.spec.containers.flatMap((one) => one.ports.map(({ name }) => name));
      expect(ports.filter((name) => GATEWAY_POD.ports.has(name))).toEqual(["http-envoy-prom"]);
    },
    LONG,
  );

  test(
    "istiod has a Service with the labels and the port that our ServiceMonitor asks for",
    async () => {
      const monitor = ServiceMonitor.parse(
        read("components/monitoring/metrics/servicemonitor-istiod.yaml"),
      );
      const Service = z.object({
        kind: z.literal("Service"),
        metadata: z.object({ labels: z.record(z.string(), z.string()) }),
        spec: z.object({ ports: z.array(z.object({ name: z.string() })) }),
      });
      const names = (await render("istiod"))
        .flatMap((one) => Service.safeParse(one).data ?? [])
        .filter(({ metadata }) => isSelected(metadata.labels, monitor.spec.selector.matchLabels))
        .flatMap(({ spec }) => spec.ports.map(({ name }) => name));
      expect(monitor.spec.endpoints.map(({ port }) => port ?? "")).toEqual(["http-monitoring"]);
      expect(names).toContain("http-monitoring");
      expect(monitor.spec.namespaceSelector?.matchNames).toEqual([
        charts.get("istiod")?.namespace ?? "",
      ]);
    },
    LONG,
  );

  test.each(listOverlays().map((overlay) => [overlay]))(
    "the gateway of %s has the Service that its environment.yaml asks for, and kinds that its project allows",
    async (overlay) => {
      const Environment = z.object({
        gateway: z.object({ type: z.string(), externalTrafficPolicy: z.string() }),
      });
      const { gateway } = Environment.parse(read(`overlays/${overlay}/environment.yaml`));
      const rendered = await render("istio-gateway", [
        `service.type=${gateway.type}`,
        `service.externalTrafficPolicy=${gateway.externalTrafficPolicy}`,
      ]);
      const service = z
        .object({
          spec: z.object({ type: z.string(), externalTrafficPolicy: z.string().default("") }),
        })
        .parse(rendered.find(({ kind }) => kind === "Service"));
      expect(service.spec).toEqual(gateway);
      const project = JSON.stringify(read("applications/appproject-hookline.yaml"));
      const strange = rendered.filter(({ kind }) => !project.includes(`"kind":"${kind}"`));
      expect(strange).toEqual([]);
    },
    LONG,
  );
});

const crds = [
  join(UPSTREAM, "charts", "base", "files", "crd-all.gen.yaml"),
  join(UPSTREAM, "crds", "istio", "customresourcedefinitions.gen.yaml"),
];
test.skipIf(!crds.every((path) => existsSync(path)))(
  "the charts at hand bring the CRDs of the version that is deployed",
  () => {
    const [brought, deployed] = crds.map((path) => readFileSync(path, "utf8"));
    expect(brought).toBe(deployed ?? "");
    expect([...charts.values()].map(({ version }) => version)).toEqual(
      Array(charts.size).fill("1.30.3"),
    );
  },
);
