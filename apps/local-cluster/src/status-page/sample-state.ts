import type { ClusterState } from "../cluster-state.ts";
import type { TrafficSnapshot } from "../data-plane/traffic.ts";

// What a busy cluster tells, with what is hostile in it: for the tests of the page.

const at = (secondsAgo: number) => new Date(Date.now() - secondsAgo * 1000).toISOString();

const THIRD_PARTY: ClusterState["thirdParty"] = [
  {
    name: "ratelimit",
    image: "docker.io/envoyproxy/ratelimit:1e50889b",
    runs: "stand-in",
    text: "counts in memory, with the same configuration",
  },
  {
    name: "redis",
    image: "docker.io/library/redis:8",
    runs: "nothing",
    text: "not needed: the stand-in keeps its counts itself",
  },
  {
    name: "alertmanager",
    image: "",
    runs: "binary",
    text: "runs at http://127.0.0.1:9093, version 1",
  },
];

const SPLITS: TrafficSnapshot["splits"] = [
  {
    from: "istio-ingressgateway",
    service: "app",
    workload: "app",
    version: "v1",
    requests: 900,
    failed: 1,
  },
  {
    from: "istio-ingressgateway",
    service: "app",
    workload: "app-v2",
    version: "v2",
    requests: 100,
    failed: 0,
  },
  {
    from: "istio-ingressgateway",
    service: "app",
    workload: "unknown",
    version: "refused by the limiter",
    requests: 250,
    failed: 0,
  },
  {
    from: "istio-ingressgateway",
    service: "app",
    workload: "unknown",
    version: "no pod",
    requests: 3,
    failed: 3,
  },
  {
    from: "app",
    service: "model-service",
    workload: "model-service",
    version: "v1",
    requests: 640,
    failed: 0,
  },
];

type Workload = ClusterState["workloads"][number];
type Pod = Workload["pods"][number];

function buildPod(name: string, changes: Partial<Pod> = {}): Pod {
  return {
    name,
    pid: 4711,
    phase: "ready",
    restarts: 0,
    since: at(250),
    ports: { http: 41_231, metrics: 41_232 },
    lastEnd: null,
    ...changes,
  };
}

function buildWorkloads(): Workload[] {
  return [
    {
      name: "app",
      namespace: "hookline",
      program: "app",
      version: "v1",
      replicas: 2,
      ready: 1,
      pods: [
        buildPod("app-7d9f-1"),
        buildPod("app-7d9f-2", {
          phase: "back-off",
          restarts: 3,
          lastEnd: "exit code 1: <script>alert(1)</script>",
        }),
      ],
    },
    {
      name: "model-service-v2",
      namespace: "hookline",
      program: "model-service",
      version: "v2",
      replicas: 1,
      ready: 1,
      pods: [buildPod("model-service-v2-5c-1")],
    },
    {
      name: "shadow-report",
      namespace: "hookline",
      program: "shadow-report",
      version: "",
      replicas: 1,
      ready: 1,
      pods: [buildPod("shadow-report-6b-1")],
    },
  ];
}

export function buildState(changes: Partial<ClusterState> = {}): ClusterState {
  return {
    overlay: "production",
    namespace: "hookline",
    url: "http://127.0.0.1:8080",
    pid: 1,
    startedAt: at(300),
    watch: "git",
    revision: { text: "1a2b3c4 feat(gitops/canary): move the weight to 50/50", at: at(42) },
    refused: {
      revision: "9f8e7d6 chore: <b>break</b> it",
      reason: "virtualservice-app.yaml: weights sum to 90\nIST0107",
      at: at(12),
    },
    rollout: null,
    workloads: buildWorkloads(),
    thirdParty: THIRD_PARTY,
    ...changes,
  };
}

export function buildTraffic(changes: Partial<TrafficSnapshot> = {}): TrafficSnapshot {
  return {
    requests: 12_345,
    underWay: 3,
    connections: 17,
    splits: SPLITS,
    mirrors: [{ service: "model-service", version: "v2", sent: 640, failed: 2, dropped: 1 }],
    limits: [
      {
        descriptor: 'authorization=<img src=x onerror="alert(1)">',
        rule: "authorization",
        limit: { requestsPerUnit: 10, unit: "minute" },
        remaining: 0,
        code: "OVER_LIMIT",
        resetAt: Date.now() + 31_000,
      },
      {
        descriptor: "generic_key=global",
        rule: "generic_key=global",
        limit: { requestsPerUnit: 100, unit: "minute" },
        remaining: 71,
        code: "OK",
        resetAt: Date.now() + 31_000,
      },
    ],
    limiter: { ok: 80, overLimit: 4, errors: 0 },
    clusters: [
      {
        name: "outbound|80|v1|app.hookline.svc.cluster.local",
        pods: [{ pod: "app-7d9f-1", active: 1, isEjected: true }],
      },
    ],
    ...changes,
  };
}
