import { describe } from "bun:test";
import { type Fault, testFaults } from "./plant.ts";

const REPORTS = "components/shadow/shadow-report/authorizationpolicy.yaml";

const FAULTS: readonly Fault[] = [
  [
    "S32: a password in a variable",
    "no-plain-secret",
    "Deployment/app-v1",
    "canary",
    [
      {
        file: "base/app/deployment.yaml",
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
        file: "components/ratelimit/redis/networkpolicy.yaml",
        from: "port: tcp-redis",
        to: "port: redis",
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
