import fc from "fast-check";
import { awkward, awkwardScalar } from "./awkward.ts";
import type { Value } from "./yaml-text.ts";

type Fields = Readonly<Record<string, Value>>;

/** The few names that everything has, so that references meet and names collide. */
export const NAMES = ["web", "api", "db"] as const;
const IMAGES = [
  "nginx",
  "nginx:1.25",
  "host:5000/app:v1",
  "app@sha256:0123456789abcdef",
  "redis:7-alpine",
];

export const name = fc.constantFrom(...NAMES);
/** What a reference names: a resource, or what a generator makes. */
const reference = fc.constantFrom(...NAMES, "gen");
const image = fc.constantFrom(...IMAGES);
const labels = fc.constantFrom<Fields>(
  { app: "web" },
  { app: "api", tier: "back" },
  { "a.b/c": "yes" },
);
const namespace = fc.option(fc.constantFrom("one", "two", "default"), { nil: undefined, freq: 4 });

function metadata(named: string, extra: Fields = {}): Fields {
  return { name: named, ...extra };
}

const meta = fc
  .record({
    named: name,
    namespace,
    labels: fc.option(labels, { nil: undefined }),
    note: fc.option(awkwardText(), { nil: undefined, freq: 3 }),
  })
  .map(
    ({ named, namespace: place, labels: marks, note }): Fields =>
      metadata(named, {
        ...(place === undefined ? {} : { namespace: place }),
        ...(marks === undefined ? {} : { labels: marks }),
        ...(note === undefined ? {} : { annotations: { note } }),
      }),
  );

function awkwardText(): fc.Arbitrary<Value> {
  return awkwardScalar.filter((value) => typeof value === "string");
}

const env = fc.oneof(
  fc.record({ name: fc.constantFrom("A", "B"), value: fc.constantFrom("x", "$(V)", "1", "") }),
  reference.map(
    (from): Fields => ({
      name: "FROM_MAP",
      valueFrom: { configMapKeyRef: { name: from, key: "a" } },
    }),
  ),
  reference.map(
    (from): Fields => ({
      name: "FROM_SECRET",
      valueFrom: { secretKeyRef: { name: from, key: "a" } },
    }),
  ),
);

const container = fc
  .record({
    name: fc.constantFrom("main", "side"),
    image,
    env: fc.option(fc.uniqueArray(env, { maxLength: 3, selector: (item) => item["name"] }), {
      nil: undefined,
    }),
    ports: fc.option(
      fc.constantFrom<Value>(
        [{ containerPort: 80, name: "http" }],
        [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP" }],
        [{ containerPort: 8080, protocol: "TCP" }],
      ),
      { nil: undefined },
    ),
    args: fc.option(fc.constantFrom<Value>(["--a", "$(V)"], ["-c", "a\nb\n"]), { nil: undefined }),
    envFrom: fc.option(
      reference.map((from): Value => [{ configMapRef: { name: from } }]),
      { nil: undefined },
    ),
    volumeMounts: fc.option(fc.constant<Value>([{ mountPath: "/a", name: "data" }]), {
      nil: undefined,
    }),
  })
  .map(defined);

const podSpec = fc
  .record({
    serviceAccountName: fc.option(reference, { nil: undefined }),
    initContainers: fc.option(
      fc.tuple(container).map((items): Value => items),
      { nil: undefined, freq: 1 },
    ),
    containers: fc.uniqueArray(container, {
      minLength: 1,
      maxLength: 2,
      selector: (item) => item["name"],
    }),
    volumes: fc.option(
      reference.map(
        (from): Value => [
          { name: "data", configMap: { name: from } },
          { name: "keys", secret: { secretName: from } },
          { name: "disk", persistentVolumeClaim: { claimName: from } },
        ],
      ),
      { nil: undefined },
    ),
  })
  .map(defined);

/** A record without the fields that are undefined. */
export function defined(record: Readonly<Record<string, Value | undefined>>): Fields {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

const workload = fc
  .record({
    meta,
    podSpec,
    labels,
    replicas: fc.option(fc.nat(3), { nil: undefined }),
    kind: fc.constantFrom("Deployment", "StatefulSet", "DaemonSet"),
  })
  .map(
    ({ meta: data, podSpec: spec, labels: marks, replicas, kind }): Fields => ({
      apiVersion: "apps/v1",
      kind,
      metadata: data,
      spec: {
        ...(replicas === undefined || kind === "DaemonSet" ? {} : { replicas }),
        selector: { matchLabels: marks },
        ...(kind === "StatefulSet" ? { serviceName: data["name"] ?? "" } : {}),
        template: { metadata: { labels: marks }, spec },
      },
    }),
  );

const cronJob = fc.record({ meta, podSpec }).map(
  ({ meta: data, podSpec: spec }): Fields => ({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: data,
    spec: { schedule: "0 * * * *", jobTemplate: { spec: { template: { spec } } } },
  }),
);

const small = fc.record({ meta, ref: reference, labels, value: awkward, text: awkwardText() });

/** Resources of one kind each, that refer to `ref`. */
const others = fc
  .tuple(small, fc.nat(10))
  .map(([{ meta: data, ref, labels: marks, value, text }, which]): Fields => {
    const { namespace: _, ...clusterData } = data;
    const kinds: readonly Fields[] = [
      { apiVersion: "v1", kind: "ConfigMap", metadata: data, data: { a: text, b: "plain" } },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: data,
        spec: { selector: marks, ports: [{ port: 80 }, { port: 81, protocol: "UDP", name: "u" }] },
      },
      { apiVersion: "v1", kind: "Secret", metadata: data, type: "Opaque", stringData: { a: text } },
      { apiVersion: "v1", kind: "ServiceAccount", metadata: data },
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        metadata: data,
        spec: {
          rules: [
            {
              host: "a.b",
              http: {
                paths: [
                  {
                    path: "/",
                    pathType: "Prefix",
                    backend: { service: { name: ref, port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
      },
      {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: data,
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: ref },
          maxReplicas: 3,
        },
      },
      {
        apiVersion: "example.com/v1",
        kind: "Foo",
        metadata: data,
        spec: { value, image: "nginx", ref },
      },
      { apiVersion: "v1", kind: "Namespace", metadata: { ...clusterData, name: "one" } },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: clusterData,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: ref },
        subjects: [
          { kind: "ServiceAccount", name: ref, namespace: "one" },
          { kind: "ServiceAccount", name: "default", namespace: "one" },
        ],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: clusterData,
        rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [ref], verbs: ["get"] }],
      },
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: data,
        spec: { volumeName: ref },
      },
    ];
    return kinds[which] ?? {};
  });

/** One resource of any kind. */
export const resource: fc.Arbitrary<Fields> = fc.oneof(
  { arbitrary: workload, weight: 3 },
  { arbitrary: cronJob, weight: 1 },
  { arbitrary: others, weight: 5 },
);
