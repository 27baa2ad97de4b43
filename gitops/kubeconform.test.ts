import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { findChart, HELM, listDeployedCharts, renderChart } from "./charts.ts";
import { createSchemaFinder, HAS_SCHEMAS, nameSchemaFile } from "./json-schemas.ts";
import { findJudge, readManifests, readPlainManifests } from "./judges.ts";
import { parseResources } from "./render.ts";
import { readValues } from "./tree-files.ts";

// Each resource against the very versions that we run: kubeconform with the CRDs of Istio, the
// Prometheus operator and Argo CD, and with what Kubernetes' API server says of its own kinds.
// The rules in CEL that some CRDs have are the API server's (bun run test:cluster).

const kubeconform = findJudge("kubeconform");
const isAbsent = kubeconform === undefined || !HAS_SCHEMAS;
if (isAbsent)
  console.warn(
    "gitops/kubeconform.test.ts: kubeconform or the schemas of .ci/read-upstream are not here, it does not judge the tree",
  );

const texts = new Map([
  ...readManifests(),
  ["applications", readPlainManifests("applications")],
  ["platform/argo-cd", readPlainManifests("platform/argo-cd")],
]);
// What the charts make of our values is applied as well; the API server takes a null for nothing.
if (HELM !== undefined) {
  for (const chart of listDeployedCharts().filter((one) => findChart(one) !== undefined)) {
    const rendered = await renderChart(chart, readValues(chart.folder));
    texts.set(`chart ${chart.name}`, rendered.map(writeWithoutNulls).join("\n---\n"));
  }
}
function writeWithoutNulls(value: unknown): string {
  return JSON.stringify(value, (_, one) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).filter(([, field]) => field !== null))
      : one,
  );
}
const folder = mkdtempSync(join(tmpdir(), "hookline-schemas-"));
afterAll(() => rmSync(folder, { recursive: true }));

const Report = z.object({
  resources: z
    .array(z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() }))
    .default([]),
  summary: z.object({ valid: z.number(), skipped: z.number() }),
});

async function judge(text: string): Promise<z.infer<typeof Report>> {
  const from = join(folder, "{{ .ResourceKind }}{{ .KindSuffix }}.json");
  const words = ["-strict", "-summary", "-output", "json", "-schema-location", from];
  const child = Bun.spawn([kubeconform ?? "kubeconform", ...words], {
    stdin: new Blob([text]),
    stdout: "pipe",
  });
  return Report.parse(JSON.parse(await new Response(child.stdout).text()));
}
async function listFaults(text: string): Promise<string[]> {
  const { resources } = await judge(text);
  return resources.map(({ kind, name, msg }) => `${kind}/${name}: ${msg}`);
}
const Kind = z.object({ apiVersion: z.string(), kind: z.string() });
const parse = (text: string) => parseResources(text).map((one) => Kind.parse(one));

describe.skipIf(isAbsent)("kubeconform", () => {
  beforeAll(async () => {
    const find = createSchemaFinder();
    for (const one of [...texts.values()].flatMap(parse)) {
      const schema = find(one);
      if (schema !== undefined)
        await Bun.write(join(folder, nameSchemaFile(one)), JSON.stringify(schema));
    }
  }, 120_000);

  test.each([...texts])(
    "finds nothing in %s, and has a schema for all of it",
    async (_, text) => {
      const { resources, summary } = await judge(text);
      expect(resources).toEqual([]);
      expect(summary).toEqual({ valid: parse(text).length, skipped: 0 });
    },
    120_000,
  );

  test.each([
    [
      "a kind that the CRDs of this version do not have",
      "applications",
      "kind: AppProject",
      "kind: Project",
      /Project\/.*could not find schema/,
    ],
    [
      "a field that a route does not have",
      "canary",
      "  gateways:\n",
      "  gateway:\n",
      /VirtualService\/app: .*'gateway' not allowed/,
    ],
    [
      "a mode that Istio does not have",
      "canary",
      "mode: STRICT",
      "mode: STRICTLY",
      /PeerAuthentication\/app: .*'\/spec\/mtls\/mode'.*must be one of/,
    ],
    [
      "a header that is both exact and a prefix",
      "canary",
      "exact: test-user",
      "exact: test-user\n          prefix: test",
      /VirtualService\/app: .*oneOf/,
    ],
    [
      "a span that is no number",
      "production",
      "randomSamplingPercentage: ",
      "randomSamplingPercentage: all #",
      /Telemetry\/tracing: /,
    ],
    [
      "an alert that waits for no duration",
      "monitoring",
      "for: 2m",
      "for: two minutes",
      /PrometheusRule\/slo: .*\/for'.*does not match pattern/,
    ],
    [
      "a volume that is mounted from nothing that is there",
      "canary",
      "pullPolicy: IfNotPresent\n          reference:",
      "pullPolicy: IfNotPresent\n          image:",
      /Deployment\/model-service-v1: .*'image' not allowed/,
    ],
    [
      "a wave that is a number",
      "canary",
      'sync-wave: "-10"',
      "sync-wave: -10",
      /Namespace\/hookline-canary: .*got number, want string/,
    ],
    [
      "an application without a project",
      "applications",
      "  project: platform\n",
      "",
      /Application\/.*missing property 'project'/,
    ],
    [
      "a port that is named twice",
      "canary",
      "targetPort: http\n",
      "targetPort: http\n    targetPort: metrics\n",
      /Service\/app: .*\n.*"targetPort" already set/,
    ],
  ])(
    "finds a planted fault: %s",
    async (_, name, from, to, message) => {
      const text = texts.get(name) ?? "";
      const planted = text.replace(from, to);
      expect(planted).not.toBe(text);
      expect((await listFaults(planted)).join("\n")).toMatch(message);
    },
    120_000,
  );
});
