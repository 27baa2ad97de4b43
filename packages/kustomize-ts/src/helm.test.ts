import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { type BuildOptions, build } from "./build.ts";

// What charts become, with the helm that the gate installs, or the machine's own. Kustomize's own
// cases are beside the repository; those without their chart get one of ours or want the internet.

const ROOT = resolve(import.meta.dir, "../../..");
const CASES = resolve(ROOT, "../shared/reference/kustomize-cases");
const helm = [join(ROOT, ".cache/judges/bin/helm"), Bun.which("helm") ?? ""].find((path) =>
  existsSync(path),
);
if (helm === undefined) console.warn("kustomize-ts/helm.test.ts: helm is not installed, skipped");
if (!existsSync(CASES)) console.warn(`kustomize-ts/helm.test.ts: there are no cases at ${CASES}`);

/** The folder in which the real tests lie; here it is another at each run. */
const THERE = "/TMPROOT";

const chart = (name: string) => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`;
const VALUES_MERGE = {
  "charts/values-merge/Chart.yaml": chart("values-merge"),
  "charts/values-merge/values.yaml": "a: 1\nb: 2\nlist: [a, b]\nmap: {a: 4, b: 5}\n",
  "charts/values-merge/templates/all.yaml": `apiVersion: test.kustomize.io/v1
kind: ValuesMergeTest
metadata:
  name: {{ .Release.Name }}
obj:
  a: {{ .Values.a }}
  b: {{ .Values.b }}
  c: {{ .Values.c }}
  list: {{ toJson .Values.list }}
  map:
    a: {{ .Values.map.a }}
    b: {{ .Values.map.b }}
    c: {{ .Values.map.c }}
`,
};
const TEST_CHART = {
  "charts/test-chart/Chart.yaml": chart("test-chart"),
  "charts/test-chart/values.yaml":
    "image: test-image\ntag: v1.0.0\npullPolicy: Always\nnamespace: default\n",
  "charts/test-chart/templates/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-deploy
  namespace: {{ .Values.namespace }}
  labels:
    chart: test-{{ .Chart.Version }}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: test
  template:
    spec:
      containers:
      - image: {{ .Values.image }}:{{ .Values.tag }}
        imagePullPolicy: {{ .Values.pullPolicy }}
`,
  "charts/test-chart/templates/tests/pod.yaml": `apiVersion: apps/v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
  annotations:
    helm.sh/hook: test
`,
  "charts/valuesFiles/file1.yaml": "image: test-image-file1\ntag: file1\npullPolicy: Never\n",
  "charts/valuesFiles/file2.yaml": "namespace: file-2\n",
};

/** The charts of ours for cases that name one without bringing it. */
const CHARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TestHelmChartInflationGeneratorValuesMerge: VALUES_MERGE,
  TestHelmChartInflationGeneratorValuesReplace: VALUES_MERGE,
  TestHelmChartInflationGeneratorMultipleValuesFiles: TEST_CHART,
  TestHelmChartInflationGeneratorNameTemplate: TEST_CHART,
  TestHelmChartInflationGeneratorSkipTests: TEST_CHART,
};

const Case = z.object({
  test: z.string(),
  files: z.record(z.string(), z.union([z.string(), z.unknown()])).default({}),
  needs: z.array(z.string()),
  expected: z.string().default(""),
  root: z.string().default(THERE),
  config: z.string().optional(),
});
type Case = z.infer<typeof Case>;

function readCases(): Case[] {
  if (!existsSync(CASES)) return [];
  return ["builds.json", "transformers.json"]
    .flatMap((name) => z.array(Case).parse(JSON.parse(readFileSync(join(CASES, name), "utf8"))))
    .filter(({ needs }) => needs.includes("helm"));
}
const hasChart = ({ test: name, files }: Case): boolean =>
  name in CHARTS || Object.keys(files).some((path) => path.endsWith("/Chart.yaml"));

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Lays files into a folder of their own and gives it. */
function lay(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "hookline-helm-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, z.string().parse(text));
  }
  return folder;
}

const LONG = 120_000;
const render = (folder: string, options: BuildOptions = {}) => {
  const command = helm === undefined ? {} : { helmCommand: helm };
  return build(folder, { enableHelm: true, reorder: "none", ...command, ...options }).text;
};

describe.skipIf(helm === undefined)("build() with helm", () => {
  test.each(
    readCases()
      .filter(hasChart)
      .map((one): [string, Case] => [one.test, one]),
  )(
    "%s",
    (_, { test: name, files, expected, root, config }) => {
      const own = Object.entries(files).map(([path, text]) => [path.replace(THERE, "."), text]);
      const generator = config === undefined ? {} : { "generator.yaml": config };
      const folder = lay({
        ...(config === undefined ? {} : { "kustomization.yaml": "generators: [generator.yaml]\n" }),
        ...generator,
        ...CHARTS[name],
        ...Object.fromEntries(own),
      });
      expect(render(root.replace(THERE, folder))).toBe(expected.replace(/^\n/, ""));
    },
    LONG,
  );

  test(
    "says what helm says of a broken chart",
    () => {
      const folder = lay({
        "kustomization.yaml": "helmCharts:\n- name: broken\n  releaseName: x\n",
        "charts/broken/Chart.yaml": chart("broken"),
        "charts/broken/values.yaml": "",
        "charts/broken/templates/a.yaml": "{{ fail `the reason` }}\n",
      });
      expect(() => render(folder)).toThrow(/the reason/);
    },
    LONG,
  );

  test(
    "takes inline numbers as JSON has them into the quotes of the file's values",
    () => {
      const folder = lay({
        "kustomization.yaml":
          "helmCharts:\n- name: wick\n  releaseName: x\n  valuesInline: {tag: 1.10}\n",
        "charts/wick/Chart.yaml": chart("wick"),
        "charts/wick/values.yaml": 'tag: "1.0"\n',
        "charts/wick/templates/a.yaml":
          "kind: Wick\nmetadata: {name: a}\ntag: v{{ .Values.tag }}\n",
      });
      expect(render(folder)).toContain("tag: v1.1\n");
    },
    LONG,
  );

  // What kustomize 5.8.1 makes of them: it takes lists as they are and loses what aliases bring to maps.
  test.each(["override", "merge"])(
    "takes the aliases of a values file as the real one does (%s)",
    (way) => {
      const folder = lay({
        "kustomization.yaml": `helmCharts:
- name: wick
  valuesFile: values.yaml
  valuesMerge: ${way}
  valuesInline: {use: {z: 1}}
`,
        "values.yaml": `own: &own {q: 1, s: 2}
alias: *own
use: {<<: *own, r: 2}
both: {<<: [*own], r: 2}
list: [*own, {<<: *own}]
`,
        "charts/wick/Chart.yaml": chart("wick"),
        "charts/wick/values.yaml": "",
        "charts/wick/templates/a.yaml":
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {json: {{ toJson .Values | quote }}}\n",
      });
      expect(render(folder)).toContain(
        `json: '{"both":{"q":1,"r":2,"s":2},"list":[{"q":1,"s":2},{"q":1,"s":2}],"own":{"q":1,"s":2},"use":{"r":2,"z":1}}'\n`,
      );
    },
    LONG,
  );

  const TELLING = {
    "charts/telling/Chart.yaml": chart("telling"),
    "charts/telling/values.yaml": "",
    "charts/telling/templates/a.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: told}
data:
  kube: "{{ .Capabilities.KubeVersion }}"
  knows: "{{ .Capabilities.APIVersions.Has "lamp.example/v1" }}"
`,
  };

  test.each([
    ["what the flags say", "", { kube: "v1.29.0", knows: "true" }],
    [
      "what the kustomization says",
      "  kubeVersion: 1.30.0\n  apiVersions: [other.example/v1]\n",
      { kube: "v1.30.0", knows: "false" },
    ],
  ])(
    "tells charts %s",
    (_, fields, { kube, knows }) => {
      const folder = lay({
        "kustomization.yaml": `helmCharts:\n- name: telling\n  releaseName: x\n${fields}`,
        ...TELLING,
      });
      const text = render(folder, {
        helmKubeVersion: "1.29.0",
        helmApiVersions: ["lamp.example/v1"],
      });
      expect(text).toContain(`data:\n  knows: "${knows}"\n  kube: ${kube}\n`);
    },
    LONG,
  );

  // What kustomize 5.8.1 says.
  test.each([
    ["no chart", "name: none", "no repo specified for pull, no chart found at ''"],
    [
      "values that are no YAML",
      "name: telling\n  valuesFile: values.txt\n  valuesInline: {a: 1}",
      "could not parse values file into rnode: yaml: mapping values are not allowed in this context",
    ],
  ])(
    "says that there are %s",
    (_, fields, message) => {
      const folder = lay({
        "kustomization.yaml": `helmCharts:\n- ${fields}\n`,
        "values.txt": "a: b: c\n",
        ...TELLING,
      });
      expect(() => render(folder)).toThrow(message);
    },
    LONG,
  );
});

test.each([
  ["nohelm", `exec: "nohelm": executable file not found in $PATH`],
  ["/nowhere/helm", "fork/exec /nowhere/helm: no such file or directory"],
])("build() says that %s is not installed", (helmCommand, reason) => {
  const folder = lay({ "kustomization.yaml": "helmCharts:\n- name: any\n" });
  const message = `(is '${helmCommand}' installed?): ${reason}`;
  expect(() => build(folder, { enableHelm: true, helmCommand })).toThrow(message);
});
