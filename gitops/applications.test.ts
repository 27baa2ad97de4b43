import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkChartValues } from "./checks/chart-values.ts";
import { GATEWAY_POD } from "./checks/pods.ts";
import { goldenPath } from "./golden.ts";
import { listOverlays, parseResources, renderResources, TREE } from "./render.ts";
import { listCharts, readValues } from "./tree-files.ts";

const GroupKind = z.object({ group: z.string(), kind: z.string() });
const Source = z.object({
  repoURL: z.string(),
  targetRevision: z.string(),
  chart: z.string().optional(),
  helm: z.object({ releaseName: z.string(), valueFiles: z.array(z.string()) }).optional(),
});
type Source = z.infer<typeof Source>;
const Spec = z.object({
  project: z.string(),
  source: Source.optional(),
  sources: z.array(Source).default([]),
  destination: z.object({ namespace: z.string() }),
  syncPolicy: z.object({ syncOptions: z.array(z.string()) }).optional(),
});
const Manifest = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
const Project = Manifest.extend({
  spec: z.object({
    sourceRepos: z.array(z.string()),
    destinations: z.array(z.object({ namespace: z.string() })),
    clusterResourceWhitelist: z.array(GroupKind),
    namespaceResourceWhitelist: z.array(GroupKind).optional(),
  }),
});
const Application = Manifest.extend({ spec: Spec });
const Generator = z.object({
  git: z.object({ files: z.array(z.object({ path: z.string() })) }),
  selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
});
const ApplicationSet = Manifest.extend({
  spec: z.object({ generators: z.array(Generator), template: z.object({ spec: Spec }) }),
});
const Environment = z.strictObject({
  deploy: z.enum(["true", "false"]),
  namespace: z.string(),
  gateway: z.strictObject({
    type: z.enum(["LoadBalancer", "ClusterIP"]),
    externalTrafficPolicy: z.enum(["Local", ""]),
  }),
});

function readFolder(prefix: string): unknown[] {
  const folder = join(TREE, "applications");
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${prefix}-`))
    .map((file) => parse(readText(join(folder, file))));
}
function readText(path: string): string {
  return readFileSync(path, "utf8");
}

const projects = readFolder("appproject").map((one) => Project.parse(one));
const applications = readFolder("application").map((one) => Application.parse(one));
const [set] = readFolder("applicationset").map((one) => ApplicationSet.parse(one));
const environments = new Map(
  listOverlays().map((overlay) => [
    overlay,
    Environment.parse(parse(readText(join(TREE, "overlays", overlay, "environment.yaml")))),
  ]),
);
/** Applications, and those that the set makes of its template. */
const specs = [
  ...applications.map(({ metadata, spec }) => ({ name: metadata.name, spec })),
  ...[...environments.values()].flatMap(({ namespace }) =>
    set === undefined
      ? []
      : [{ name: namespace, spec: { ...set.spec.template.spec, destination: { namespace } } }],
  ),
];

function listSources({ source, sources }: z.infer<typeof Spec>): Source[] {
  return source === undefined ? sources : [source];
}

test("the folder renders to the children, without the root", () => {
  const rendered = renderResources(join(TREE, "applications")).map((one) => Manifest.parse(one));
  const names = rendered.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const declared = [...projects, ...applications, ...(set ? [set] : [])]
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .filter((name) => !name.endsWith("/root"));
  expect(names.sort()).toEqual(declared.sort());
});

const allows = (pattern: string, name: string) => new Bun.Glob(pattern).match(name);

describe("the projects", () => {
  test.each(specs.map((one) => [one.name, one.spec] as const))(
    "let %s read its sources and write to its namespace",
    (_, spec) => {
      const project = projects.find(({ metadata }) => metadata.name === spec.project);
      const refused = listSources(spec).filter(
        ({ repoURL }) => project?.spec.sourceRepos.includes(repoURL) !== true,
      );
      expect(refused).toEqual([]);
      const places = project?.spec.destinations.map(({ namespace }) => namespace) ?? [];
      expect(places.some((place) => allows(place, spec.destination.namespace))).toBe(true);
    },
  );

  test("the default one allows nothing", () => {
    const spec = projects.find(({ metadata }) => metadata.name === "default")?.spec;
    expect([spec?.sourceRepos, spec?.destinations, spec?.clusterResourceWhitelist]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test("the overlays may write what they have, and nothing more", () => {
    const rendered = listOverlays().flatMap((overlay) =>
      parseResources(readText(goldenPath(overlay))),
    );
    const own = rendered.map((one) => {
      const { apiVersion, kind } = z
        .object({ apiVersion: z.string(), kind: z.string() })
        .parse(one);
      return `${apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : ""}/${kind}`;
    });
    // templates/ of the gateway chart.
    const gateway = [
      "apps/Deployment",
      "autoscaling/HorizontalPodAutoscaler",
      "policy/PodDisruptionBudget",
      "rbac.authorization.k8s.io/Role",
      "rbac.authorization.k8s.io/RoleBinding",
      "/Service",
      "/ServiceAccount",
    ];
    // The README tells people to put theirs beside the overlay.
    const secrets = ["bitnami.com/SealedSecret"];
    const project = projects.find(({ metadata }) => metadata.name === "hookline")?.spec;
    const allowed = [
      ...(project?.clusterResourceWhitelist ?? []),
      ...(project?.namespaceResourceWhitelist ?? []),
    ].map(({ group, kind }) => `${group}/${kind}`);
    expect(allowed.sort()).toEqual([...new Set([...own, ...gateway, ...secrets])].sort());
  });
});

describe("the charts", () => {
  // The versions of the design; raising one is a change of both.
  const VERSIONS: Readonly<Record<string, string>> = {
    base: "1.30.3",
    cni: "1.30.3",
    gateway: "1.30.3",
    istiod: "1.30.3",
    "kube-prometheus-stack": "88.5.3",
    "sealed-secrets": "2.18.5",
  };
  const charts = [...applications.map(({ spec }) => spec), ...(set ? [set.spec.template.spec] : [])]
    .flatMap(listSources)
    .filter(({ chart }) => chart !== undefined);

  test("are those of the design, at its versions", () => {
    const found = charts.map(({ chart, targetRevision }) => [chart, targetRevision]);
    expect(Object.fromEntries(found)).toEqual(VERSIONS);
  });

  test.each(charts.map((one) => [one.chart, one] as const))(
    "%s finds its values",
    (_, { helm }) => {
      const files = helm?.valueFiles.map((file) => file.replace("$values/gitops/", "")) ?? [];
      expect(files.filter((file) => !existsSync(join(TREE, file)))).toEqual([]);
      expect(files.length).toBe(1);
    },
  );

  test.each(listCharts())("our values of %s keep what they promise", (chart) => {
    expect(checkChartValues(chart, parse(readValues(chart)))).toEqual([]);
  });

  test("the gateway's release makes the label that our Gateway selects", () => {
    const release = charts.find(({ chart }) => chart === "gateway")?.helm?.releaseName;
    expect(GATEWAY_POD.labels).toEqual({
      app: release ?? "",
      istio: release?.replace(/^istio-/, "") ?? "",
    });
  });
});

test("the set does not keep a weight at a canary that is broken", () => {
  expect(set?.spec.template.spec.syncPolicy?.syncOptions).toContain("ApplyOutOfSyncOnly=true");
});

describe("the environments", () => {
  test.each([...environments])(
    "%s is deployed where its overlay says",
    (overlay, { namespace }) => {
      const kustomization = parse(readText(join(TREE, "overlays", overlay, "kustomization.yaml")));
      expect(kustomization.namespace).toBe(namespace);
    },
  );

  test("the set deploys production, and of the others those that say so", () => {
    const deploys = (overlay: string, environment: object) =>
      set?.spec.generators.some(
        ({ git, selector }) =>
          git.files.some(({ path }) =>
            allows(path, `gitops/overlays/${overlay}/environment.yaml`),
          ) &&
          Object.entries(selector.matchLabels).every(
            ([key, value]) => Reflect.get(environment, key) === value,
          ),
      ) === true;
    const now = [...environments].filter(([overlay, one]) => deploys(overlay, one));
    expect(now.map(([overlay]) => overlay)).toEqual(["production"]);
    const asked = [...environments].filter(([overlay, one]) =>
      deploys(overlay, { ...one, deploy: "true" }),
    );
    expect(asked.length).toBe(environments.size);
  });

  test("the set's template asks for nothing that an environment.yaml does not say", () => {
    const text = readText(join(TREE, "applications", "applicationset-hookline.yaml"));
    const asked = [...text.matchAll(/\{\{ \.([\w.]+) \}\}/g)].map(([, path]) => path ?? "");
    expect(asked.length).toBe(text.split("{{").length - 1);
    for (const environment of environments.values()) {
      const gateway = Object.keys(environment.gateway).map((key) => `gateway.${key}`);
      const known = ["path.path", ...Object.keys(environment), ...gateway];
      expect(asked.filter((path) => !known.includes(path))).toEqual([]);
    }
  });

  test("one of them has the cluster's address: k3s gives each port of a node once", () => {
    const open = [...environments.values()].filter(
      ({ gateway }) => gateway.type === "LoadBalancer",
    );
    expect(open.map(({ namespace }) => namespace)).toEqual(["hookline"]);
  });
});
