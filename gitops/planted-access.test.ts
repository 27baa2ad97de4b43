import { describe } from "bun:test";
import { type Fault, testFaults } from "./plant.ts";

const REPORTS = "components/shadow/shadow-report/authorizationpolicy.yaml";

const LIMITER = "components/ratelimit/kustomization.yaml";
const REDIS = "components/ratelimit/redis/networkpolicy.yaml";
const APP = "base/app/deployment.yaml";

/** What the restricted standard wishes of a container beside its user, and the opposite. */
const LOOSENED = [
  ["allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"],
  ["readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"],
  ["- ALL", "- NET_RAW"],
  ["type: RuntimeDefault", "type: Unconfined"],
] as const;

/** What may be wrong with an image of others. */
const IMAGES = [
  ["an image of others without a digest", /(library\/redis[\s\S]*?) {4}digest: .*\n/, "$1"],
  ["an image of others that is not listed", "docker.io/library/redis", "docker.io/someone/redis"],
] as const;

const FAULTS: readonly Fault[] = [
  ...IMAGES.map(
    ([what, from, to]) =>
      [
        what,
        "images-pinned",
        "Deployment/redis",
        "ratelimit",
        [{ file: LIMITER, from, to }],
      ] as const,
  ),
  ...LOOSENED.map(
    ([from, to]) =>
      [to, "restricted", "Deployment/app-v1", "canary", [{ file: APP, from, to }]] as const,
  ),
  [
    "S32: a password in a variable",
    "no-plain-secret",
    "Deployment/app-v1",
    "canary",
    [
      {
        file: APP,
        from: "value: v1",
        to: "value: v1\n            - { name: API_KEY, value: a }",
      },
    ],
  ],
  [
    "S3: /metrics is reachable from outside",
    "metrics-hidden",
    "VirtualService/app",
    "canary",
    [
      {
        file: "base/routing/virtualservice-app.yaml",
        from: "prefix: /metrics",
        to: "prefix: /nothing",
      },
    ],
  ],
  [
    "trap 10: a merge patch that replaces the list of routes",
    "metrics-hidden",
    "VirtualService/app",
    "canary",
    [
      {
        file: "components/canary/kustomization.yaml",
        from: "  - path: routes-patch.yaml\n    target:\n      kind: VirtualService\n      name: app\n",
        to: "  - patch: |-\n      apiVersion: networking.istio.io/v1\n      kind: VirtualService\n      metadata:\n        name: app\n      spec:\n        http:\n          - route:\n              - destination:\n                  host: app\n                  subset: v2\n",
      },
    ],
  ],
  [
    "the policy comes after the pods that it guards",
    "sync-order",
    "Deployment/shadow-report",
    "shadow",
    [{ file: REPORTS, from: 'sync-wave: "-1"', to: 'sync-wave: "1"' }],
  ],
  [
    "no policy that denies by default",
    "default-deny",
    "Namespace",
    "canary",
    [{ file: "base/namespace/networkpolicy-default-deny.yaml", from: "    - Egress\n", to: "" }],
  ],
  [
    "a policy for a port that the pods do not have",
    "policy-selects-pods",
    "NetworkPolicy/redis",
    "ratelimit",
    [
      {
        file: REDIS,
        from: "port: tcp-redis",
        to: "port: redis",
      },
    ],
  ],
  [
    "a policy for pods that are not there",
    "policy-selects-pods",
    "NetworkPolicy/redis",
    "ratelimit",
    [{ file: REDIS, from: "name: redis\n  policyTypes", to: "name: valkey\n  policyTypes" }],
  ],
  [
    "a policy that lets pods in that are not there",
    "policy-selects-pods",
    "NetworkPolicy/redis",
    "ratelimit",
    [{ file: REDIS, from: "name: ratelimit", to: "name: limiter" }],
  ],
  [
    "a policy that lets out to a port that the pods do not have",
    "policy-selects-pods",
    "NetworkPolicy/gateway-ratelimit",
    "ratelimit",
    [
      {
        file: "components/ratelimit/gateway/networkpolicy-ratelimit.yaml",
        from: "port: grpc",
        to: "port: http2",
      },
    ],
  ],
  [
    "plain text between pods",
    "mutual-tls",
    "PeerAuthentication/default",
    "canary",
    [
      {
        file: "base/namespace/peerauthentication.yaml",
        from: "mode: STRICT",
        to: "mode: PERMISSIVE",
      },
    ],
  ],
  [
    "no rule of mutual TLS for all pods",
    "mutual-tls",
    "Namespace/hookline-canary",
    "canary",
    [{ file: "base/namespace/kustomization.yaml", from: "  - peerauthentication.yaml\n", to: "" }],
  ],
];

describe("faults planted into who may reach whom", () => {
  testFaults(FAULTS);
});
