import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { isSelected } from "./checks/finding.ts";
import { ServiceMonitor } from "./checks/mesh-kinds.ts";
import { GATEWAY_POD } from "./checks/pods.ts";
import { COLLECTOR } from "./checks/tracing.ts";
import { listOverlays, parseResources, TREE } from "./render.ts";

// What the charts make of our values, where helm and the charts are at hand: charts that
// `bun run bootstrap download` fetched, or folders of them in .cache/charts.

const LONG = 120_000;
const ROOT = join(TREE, "..");
const VERSION = "1.30.3";
const helm =
  Bun.which("helm") ??
  [join(ROOT, ".cache", "kube-apiserver", "helm")].find((path) => existsSync(path));

/** Chart, release, namespace and version of each, by its folder in platform/. */
const CHARTS = {
  "istio-base": ["base", "istio-base", "istio-system", VERSION],
  "istio-cni": ["cni", "istio-cni", "istio-system", VERSION],
  istiod: ["istiod", "istiod", "istio-system", VERSION],
  "istio-gateway": ["gateway", "istio-ingressgateway", "hookline", VERSION],
  "kube-prometheus-stack": [
    "kube-prometheus-stack",
    "kube-prometheus-stack",
    "monitoring",
    "88.5.3",
  ],
  "sealed-secrets": ["sealed-secrets", "sealed-secrets", "sealed-secrets", "2.18.5"],
} as const;
type Name = keyof typeof CHARTS;
const NAMES: readonly Name[] = [
  "istio-base",
  "istio-cni",
  "istiod",
  "istio-gateway",
  "kube-prometheus-stack",
  "sealed-secrets",
];
const ISTIO = NAMES.slice(0, 4);

function findChart(name: Name): string | undefined {
  const [chart, , , version] = CHARTS[name];
  return [
    join(ROOT, "bootstrap", "k3s", "prepared", "charts", `${chart}-${version}.tgz`),
    join(ROOT, ".cache", "charts", chart),
  ].find((path) => existsSync(path));
}
const present = NAMES.filter((name) => helm !== undefined && findChart(name) !== undefined);
const absent = NAMES.filter((name) => !present.includes(name));
if (absent.length > 0)
  console.warn(
    `gitops/charts.test.ts: ${helm === undefined ? "helm is not installed" : "no chart at hand"}, not rendered: ${absent.join(", ")}`,
  );
const withoutIstio = !ISTIO.every((name) => present.includes(name));

const folder = mkdtempSync(join(tmpdir(), "hookline-charts-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Values = Record<string, unknown>;
const Values = z.record(z.string(), z.unknown());
const read = (path: string): unknown => parse(readFileSync(join(TREE, path), "utf8"));
const readValues = (name: Name): Values => Values.parse(read(`platform/${name}/values.yaml`));

async function run(words: readonly string[]): Promise<string> {
  const child = Bun.spawn([helm ?? "helm", ...words], { stdout: "pipe", stderr: "pipe" });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`Cannot run helm ${words[0]}: ${errors}`);
  return output;
}

let renderings = 0;
/** What the chart makes of values, as Argo CD would ask for it. */
async function template(name: Name, values: Values, set: readonly string[] = []): Promise<string> {
  const [, release, namespace] = CHARTS[name];
  const file = join(folder, `${renderings++}.yaml`);
  await Bun.write(file, stringify(values));
  const where = ["--namespace", namespace, "--kube-version", "1.36.4", "--include-crds"];
  const settings = set.flatMap((one) => ["--set", one]);
  return await run([
    "template",
    release,
    findChart(name) ?? "",
    "--values",
    file,
    ...where,
    ...settings,
  ]);
}

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
type Rendered = z.infer<typeof Manifest>;
async function render(name: Name, set: readonly string[] = []): Promise<Rendered[]> {
  const text = await template(name, readValues(name), set);
  return parseResources(text)
    .filter((one) => one !== null)
    .map((one) => Manifest.parse(one));
}
const groupKind = ({ apiVersion, kind }: Rendered): string =>
  `${apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : ""}/${kind}`;

/** The paths of our values that the chart's own values do not name; objects that are empty there are free. */
function listUnnamed(values: Values, defaults: Values, path: readonly string[] = []): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const known = defaults[key];
    if (!(key in defaults)) return listLeaves(value, [...path, key]);
    const [left, right] = [Values.safeParse(value), Values.safeParse(known)];
    const isFree = !right.success || Object.keys(right.data).length === 0;
    return isFree || !left.success ? [] : listUnnamed(left.data, right.data, [...path, key]);
  });
}
function listLeaves(value: unknown, path: string[]): string[][] {
  const values = Values.safeParse(value);
  if (!values.success || Object.keys(values.data).length === 0) return [path];
  return Object.entries(values.data).flatMap(([key, one]) => listLeaves(one, [...path, key]));
}
function remove(values: Values, [key = "", ...rest]: readonly string[]): Values {
  const { [key]: found, ...others } = values;
  return rest.length === 0 ? others : { ...others, [key]: remove(Values.parse(found), rest) };
}

/** Without the ConfigMap in which istiod's chart writes down what it was given, whatever that is. */
function dropEcho(text: string): string {
  const documents = text.split(/^---$/m);
  return documents.filter((one) => !one.includes("original-values:")).join("---");
}

async function listDeadValues(name: Name, values: Values): Promise<string[]> {
  const shown = Values.parse(parse(await run(["show", "values", findChart(name) ?? ""])));
  // Istio's charts keep their values under this, and let people write them beside it.
  const defaults = Values.parse(shown["_internal_defaults_do_not_set"] ?? shown);
  const whole = dropEcho(await template(name, values));
  const dead: string[] = [];
  for (const path of listUnnamed(values, defaults)) {
    const without = dropEcho(await template(name, remove(values, path)));
    if (without === whole) dead.push(path.join("."));
  }
  return dead;
}

describe.each(present.map((name) => [name]))("the values of %s", (name) => {
  test(
    "are named by its chart, or change what it renders",
    async () => expect(await listDeadValues(name, readValues(name))).toEqual([]),
    LONG,
  );

  test(
    "a misspelt one is found",
    async () => {
      const planted = { ...readValues(name), platfrom: "k3s" };
      const found = listDeadValues(name, planted).catch((error: unknown) => [String(error)]);
      // The gateway's chart has a schema, and refuses it.
      expect((await found).join()).toMatch(/platfrom/);
    },
    LONG,
  );
});

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

describe.skipIf(withoutIstio)("Istio's charts", () => {
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
      expect(monitor.spec.namespaceSelector?.matchNames).toEqual([CHARTS.istiod[2]]);
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

test("every chart of platform/ is looked for", () => {
  const folders = readdirSync(join(TREE, "platform")).filter((name) =>
    existsSync(join(TREE, "platform", name, "values.yaml")),
  );
  expect(folders.sort()).toEqual([...NAMES].sort());
});
