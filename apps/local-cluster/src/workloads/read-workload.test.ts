import { expect, test } from "bun:test";
import { buildPodEnvironment } from "../pods/pod-environment.ts";
import { autoscaler, configMap, deployment, secret } from "../testing/manifests.ts";
import { readWorkload } from "./read-workload.ts";
import { parseResources } from "./resources.ts";
import type { Workload } from "./workload.ts";

function read(manifest: unknown, ...others: readonly unknown[]): Workload {
  const resources = parseResources([manifest, ...others]);
  const [parsed] = resources.deployments;
  if (parsed === undefined) throw new Error("Expected a Deployment");
  return readWorkload(parsed, { resources, modelFolder: (image) => `/models/${image}` });
}

function environmentOf(workload: Workload): Record<string, string> {
  const identity = { name: "web-1", namespace: "ns", workload: "web" };
  return buildPodEnvironment({ identity, template: workload.template, localise: (value) => value });
}

/** What every pod has: all share the loopback interface. */
const PLACED = { HOST: "127.0.0.1", PORT: "0", METRICS_PORT: "0" };
const SETTINGS = configMap("settings", { A: "1", B: "$(A)" });
const KEYS = secret("keys", { TOKEN: "aHVudGVyMg==" });
const from = (source: object) => [{ configMapRef: { name: "settings", ...source } }];
const key = (reference: object) => ({ configMapKeyRef: { name: "settings", ...reference } });

test.each([
  ["a value", { env: [{ name: "X", value: "1" }] }, { X: "1" }],
  ["a variable without a value", { env: [{ name: "X" }] }, { X: "" }],
  ["envFrom, taken as it is", { envFrom: from({}) }, { A: "1", B: "$(A)" }],
  [
    "a prefix",
    { envFrom: [{ prefix: "P_", configMapRef: { name: "settings" } }] },
    { P_A: "1", P_B: "$(A)" },
  ],
  [
    "env before envFrom",
    { envFrom: from({}), env: [{ name: "A", value: "2" }] },
    { A: "2", B: "$(A)" },
  ],
  ["an absent optional source", { envFrom: from({ name: "no", optional: true }) }, {}],
  ["a key", { env: [{ name: "X", valueFrom: key({ key: "A" }) }] }, { X: "1" }],
  ["an optional key", { env: [{ name: "X", valueFrom: key({ key: "no", optional: true }) }] }, {}],
  [
    "a Secret's key",
    { env: [{ name: "X", valueFrom: { secretKeyRef: { name: "keys", key: "TOKEN" } } }] },
    { X: "hunter2" },
  ],
  [
    "earlier variables, in order",
    {
      envFrom: from({}),
      env: [
        { name: "X", value: "$(A)/$(LATER)/$$(A)" },
        { name: "LATER", value: "$(X)" },
      ],
    },
    { A: "1", B: "$(A)", X: "1/$(LATER)/$(A)", LATER: "1/$(LATER)/$(A)" },
  ],
  [
    "fields of the pod",
    {
      env: [
        { name: "N", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "S", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
        { name: "I", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
        {
          name: "L",
          valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } },
        },
      ],
    },
    { N: "web-1", S: "ns", I: "127.0.0.1", L: "web" },
  ],
  [
    "resources, rounded up to the divisor",
    {
      resources: { limits: { memory: "100Mi" }, requests: { cpu: "50m" } },
      env: [
        { name: "M", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
        {
          name: "G",
          valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Gi" } },
        },
        { name: "C", valueFrom: { resourceFieldRef: { resource: "requests.cpu" } } },
      ],
    },
    { M: "104857600", G: "1", C: "1" },
  ],
  [
    "free ports for those of the container",
    {
      ports: [{ containerPort: 8080 }],
      env: [
        { name: "HOST", value: "0.0.0.0" },
        { name: "PORT", value: "8080" },
        { name: "OTHER_PORT", value: "8080" },
        { name: "PEER_PORT", value: "1" },
      ],
    },
    { OTHER_PORT: "0", PEER_PORT: "1" },
  ],
])("a pod's environment has %s", (_, container, expected) => {
  const environment = environmentOf(read(deployment("web", { container }), SETTINGS, KEYS));
  expect(environment).toEqual({ ...PLACED, ...expected });
});

test("a field that is not known is refused when a pod is made", () => {
  const env = [{ name: "X", valueFrom: { fieldRef: { fieldPath: "spec.priority" } } }];
  expect(() => environmentOf(read(deployment("web", { container: { env } })))).toThrow(
    'Cannot run Deployment "web": X is read from spec.priority, which is not known here',
  );
});

test.each([
  ["its own number", { replicas: 3 }, [], 3],
  ["one", {}, [], 1],
  ["its autoscaler's least", { replicas: 3 }, [autoscaler("web", 2)], 2],
  ["nothing of another's autoscaler", {}, [autoscaler("other", 2)], 1],
])("readWorkload() takes the replicas from %s", (_, spec, others, replicas) => {
  expect(read(deployment("web", { spec }), ...others).replicas).toBe(replicas);
});

test.each([
  [{ type: "Recreate" }, { kind: "recreate" }],
  [{}, { kind: "rolling", maxSurge: 1, maxUnavailable: 0 }],
  [
    { rollingUpdate: { maxSurge: "50%", maxUnavailable: "50%" } },
    { kind: "rolling", maxSurge: 2, maxUnavailable: 1 },
  ],
  [
    { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
    { kind: "rolling", maxSurge: 1, maxUnavailable: 0 },
  ],
] as const)("readWorkload() reads the strategy %j", (strategy, expected) => {
  const { strategy: found } = read(deployment("web", { spec: { replicas: 3, strategy } }));
  expect(found).toEqual(expected);
});

const model = { name: "model", volumeMounts: [{ name: "m", mountPath: "/target" }] };
const initPod = (init: object) => ({
  volumes: [{ name: "m", emptyDir: {} }],
  initContainers: [{ image: "x/model:1.0.0", ...model, ...init }],
});
const encode = (text: string) => new TextEncoder().encode(text);

test.each([
  ["an empty folder", { volumes: [{ name: "m", emptyDir: {} }] }, { kind: "empty" }],
  [
    "a model image",
    { volumes: [{ name: "m", image: { reference: "x/model:1.0.0" } }] },
    { kind: "folder", folder: "/models/x/model:1.0.0" },
  ],
  [
    "what an init container copies",
    initPod({ command: ["cp", "-r", "/model/.", "/target/"] }),
    { kind: "folder", folder: "/models/x/model:1.0.0" },
  ],
  [
    "the files of a ConfigMap",
    { volumes: [{ name: "m", configMap: { name: "settings" } }] },
    {
      kind: "files",
      files: new Map([
        ["A", encode("1")],
        ["B", encode("$(A)")],
      ]),
    },
  ],
  [
    "chosen files under other names",
    {
      volumes: [{ name: "m", configMap: { name: "settings", items: [{ key: "A", path: "d/a" }] } }],
    },
    { kind: "files", files: new Map([["d/a", encode("1")]]) },
  ],
  [
    "nothing of an optional one that is absent",
    { volumes: [{ name: "m", secret: { secretName: "no", optional: true } }] },
    { kind: "empty" },
  ],
] as const)("a volume holds %s", (_, pod, expected) => {
  const { template } = read(deployment("web", { pod }), SETTINGS);
  expect(template.volumes.get("m")).toEqual(expected);
});

test.each([
  [
    "an absent ConfigMap",
    { container: { envFrom: from({ name: "no" }) } },
    'it reads ConfigMap "no", which the overlay does not have',
  ],
  [
    "an absent key",
    { container: { env: [{ name: "X", valueFrom: key({ key: "no" }) }] } },
    'ConfigMap "settings" has no "no", which X is read from',
  ],
  [
    "an absent limit",
    {
      container: {
        env: [{ name: "X", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } }],
      },
    },
    "it has no limits.cpu",
  ],
  [
    "two containers",
    {
      pod: {
        containers: [
          { name: "a", image: "a" },
          { name: "b", image: "b" },
        ],
      },
    },
    "it has several containers, and a pod is one process here",
  ],
  [
    "a volume of another kind",
    { pod: { volumes: [{ name: "v", hostPath: { path: "/" } }] } },
    'volume "v" is of kind hostPath, which is not run here',
  ],
  [
    "a mounted ConfigMap that is absent",
    { pod: { volumes: [{ name: "v", configMap: { name: "no" } }] } },
    'it mounts ConfigMap "no", which the overlay does not have',
  ],
  [
    "a path out of the volume",
    {
      pod: {
        volumes: [
          { name: "v", configMap: { name: "settings", items: [{ key: "A", path: "../a" }] } },
        ],
      },
    },
    'ConfigMap "settings" is to be at "../a"',
  ],
  [
    "another init container",
    { pod: initPod({ command: ["rm", "-rf", "/target"] }) },
    'its init container "model" does not copy a model',
  ],
])("readWorkload() refuses %s", (_, parts, why) => {
  expect(() => read(deployment("web", parts), SETTINGS)).toThrow(
    `Cannot run Deployment "web": ${why}`,
  );
});

test("parseResources() names the resource and the field that is wrong", () => {
  expect(() => parseResources([deployment("web", { spec: { replicas: "two" } })])).toThrow(
    'Cannot read Deployment "web": spec.replicas: ',
  );
});
