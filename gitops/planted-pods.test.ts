import { describe, expect, test } from "bun:test";
import { checkPlaceholders } from "./checks/placeholders.ts";
import { type Fault, plantFiles, testFaults } from "./plant.ts";

const APP = "base/app/deployment.yaml";
const MODEL = "base/model-service/deployment.yaml";
const CANARY = "components/canary/app/deployment-v2.yaml";
const REPORTS = "components/shadow/shadow-report/authorizationpolicy.yaml";

/** The tag of a role, whichever it is and whether or not there is a digest: `$1` is what stands before it. */
function findTag(role: string): RegExp {
  return new RegExp(`(name: ${role}\\n(?: {4}.*\\n)*? {4}newTag: )\\S+`);
}

const FAULTS: readonly Fault[] = [
  [
    "S37: stable and canary have one selector",
    "selectors-disjoint",
    "Deployment/app-v1",
    "canary",
    [
      {
        file: APP,
        from: /(matchLabels:\n +app.kubernetes.io\/name: app\n) +app.kubernetes.io\/version: v1\n/,
        to: "$1",
      },
      {
        file: CANARY,
        from: /(matchLabels:\n +app.kubernetes.io\/name: app\n) +app.kubernetes.io\/version: v2\n/,
        to: "$1",
      },
    ],
  ],
  [
    "S32: a password in Git",
    "no-plain-secret",
    "ConfigMap/app",
    "canary",
    [{ file: "base/app/app.env", from: "PORT=8080", to: "PORT=8080\nADMIN_PASSWORD=admin" }],
  ],
  [
    "S32: a Secret in Git",
    "no-plain-secret",
    "Secret/grafana",
    "canary",
    [
      {
        file: "base/app/serviceaccount.yaml",
        from: /$/,
        to: "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: grafana\n",
      },
    ],
  ],
  [
    "S32: an image of no fixed version",
    "images-pinned",
    "Deployment/app-v1",
    "canary",
    [{ file: "base/kustomization.yaml", from: findTag("app-stable"), to: "$1latest" }],
  ],
  [
    "S32: a mounted model of no fixed version",
    "images-pinned",
    "Deployment/model-service-v1",
    "canary",
    [{ file: "base/kustomization.yaml", from: findTag("model-stable"), to: "$1latest" }],
  ],
  [
    "S42: a variable from a ConfigMap that does not exist",
    "config-map-exists",
    "Deployment/app-v1",
    "canary",
    [
      {
        file: APP,
        from: "configMapRef:\n                name: app",
        to: "configMapRef:\n                name: config",
      },
    ],
  ],
  [
    "the original had no probes",
    "probes",
    "Deployment/app-v1",
    "canary",
    [{ file: APP, from: / {10}readinessProbe:[\s\S]*?(?= {10}resources:)/, to: "" }],
  ],
  [
    "the original had no limits",
    "resources",
    "Deployment/model-service-v1",
    "canary",
    [{ file: MODEL, from: /( {14}memory: 192Mi\n) {12}limits:\n {14}memory: 512Mi\n/, to: "$1" }],
  ],
  [
    "the original's pods ran as root",
    "restricted",
    "Deployment/app-v1",
    "canary",
    [{ file: APP, from: "runAsNonRoot: true", to: "runAsNonRoot: false" }],
  ],
  [
    "shadow-report believes whoever reaches it",
    "reports-are-true",
    "Service/shadow-report",
    "shadow",
    [
      {
        file: "components/shadow/shadow-report/kustomization.yaml",
        from: "  - authorizationpolicy.yaml\n",
        to: "",
      },
    ],
  ],
  [
    "shadow-report believes the page as well",
    "reports-are-true",
    "Service/shadow-report",
    "shadow",
    [
      {
        file: REPORTS,
        from: "              - model-service",
        to: "              - model-service\n              - app",
      },
    ],
  ],
  [
    "nobody can report",
    "reports-are-true",
    "Service/shadow-report",
    "shadow",
    [{ file: REPORTS, from: '"8082"', to: '"80"' }],
  ],
  [
    "the model services may read and ask anything of shadow-report",
    "reports-are-true",
    "Service/shadow-report",
    "shadow",
    [{ file: REPORTS, from: / {12}methods:[\s\S]*?\/reports\n/, to: "" }],
  ],
  [
    "replicas in Git where an autoscaler owns them",
    "autoscaler-target",
    "HorizontalPodAutoscaler/app-v1",
    "production",
    [{ file: "components/autoscale/kustomization.yaml", from: /patches:[\s\S]*$/, to: "" }],
  ],
  [
    "a budget that selects nothing",
    "budget-selects-pods",
    "PodDisruptionBudget/app-v1",
    "canary",
    [{ file: "base/app/poddisruptionbudget.yaml", from: "version: v1", to: "version: v0" }],
  ],
  [
    "pods that may all be on one node",
    "pods-spread",
    "Deployment/app-v1",
    "canary",
    [{ file: APP, from: / {6}topologySpreadConstraints:[\s\S]*?(?= {6}containers:)/, to: "" }],
  ],
  [
    "pods that are spread over the nodes of other pods",
    "pods-spread",
    "Deployment/model-service-v1",
    "production",
    [
      {
        file: MODEL,
        from: /(labelSelector:\n +matchLabels:\n +app.kubernetes.io\/name: )model-service/,
        to: "$1app",
      },
    ],
  ],
  [
    "no budget for what runs more than once",
    "budget-exists",
    "Deployment/app-v1",
    "canary",
    [{ file: "base/app/kustomization.yaml", from: "  - poddisruptionbudget.yaml\n", to: "" }],
  ],
  [
    "a release that takes a pod before another is ready",
    "rolls-without-gap",
    "Deployment/model-service-v1",
    "canary",
    [{ file: MODEL, from: "maxUnavailable: 0", to: "maxUnavailable: 1" }],
  ],
  [
    "a program that ends while Envoy still sends to it",
    "ends-gracefully",
    "Deployment/app-v2",
    "canary",
    [{ file: CANARY, from: / {10}lifecycle:[\s\S]*?(?= {10}startupProbe:)/, to: "" }],
  ],
  [
    "a program that is killed before it could end",
    "ends-gracefully",
    "Deployment/app-v1",
    "canary",
    [{ file: APP, from: "GracePeriodSeconds: 30", to: "GracePeriodSeconds: 5" }],
  ],
  [
    "a startup probe that asks every ten seconds",
    "probes",
    "Deployment/app-v1",
    "canary",
    [{ file: APP, from: "periodSeconds: 1\n", to: "periodSeconds: 10\n" }],
  ],
  [
    "a namespace that takes any pod",
    "namespace-guarded",
    "Namespace/hookline-canary",
    "canary",
    [
      {
        file: "base/namespace/namespace.yaml",
        from: "enforce: restricted",
        to: "enforce: baseline",
      },
    ],
  ],
  [
    "a resource without its labels",
    "labels-complete",
    "Sidecar/default",
    "canary",
    [{ file: "base/namespace/kustomization.yaml", from: /labels:[\s\S]*$/, to: "" }],
  ],
  [
    "an account that does not exist",
    "service-account",
    "Deployment/redis",
    "ratelimit",
    [
      {
        file: "components/ratelimit/redis/deployment.yaml",
        from: "serviceAccountName: redis",
        to: "serviceAccountName: cache",
      },
    ],
  ],
  [
    "trap 8: common labels in the selectors, which cannot be changed",
    "selectors-lasting",
    "Deployment/app-v1",
    "canary",
    [
      {
        file: "base/kustomization.yaml",
        from: "includeSelectors: false",
        to: "includeSelectors: true",
      },
    ],
  ],
];

describe("faults planted into the programs", () => {
  testFaults(FAULTS);

  const COMPONENT = "components/canary/kustomization.yaml";
  const IMAGE = "ghcr.io/hookline/app";
  test.each([
    [
      "a canary by the stable one's name",
      [{ file: CANARY, from: "image: app-canary", to: "image: app-stable" }],
      ["image/app-canary"],
    ],
    [
      "a canary and a stable version by the image's own name",
      [
        { file: CANARY, from: "image: app-canary", to: `image: ${IMAGE}` },
        { file: COMPONENT, from: "name: app-canary", to: `name: ${IMAGE}` },
      ],
      ["image/app-stable", `image/${IMAGE}`],
    ],
    ["no fault", [], []],
    [
      "no fault in a release, whose digest stands in front",
      [
        {
          file: COMPONENT,
          from: /- (?:digest: \S+\n {4})?name: app-canary/,
          to: `- digest: sha256:${"0".repeat(64)}\n    name: app-canary`,
        },
      ],
      [],
    ],
  ])(
    "trap 9: %s, found as images-apart",
    (_, edits, found) => {
      const faults = checkPlaceholders(plantFiles(edits), "production");
      expect(faults.map(({ resource }) => resource)).toEqual(found);
    },
    120_000,
  );
});
