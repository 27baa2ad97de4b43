import { describe, expect, test } from "bun:test";
import { createMemoryFileSystem } from "@hookline/kustomize-ts";
import { parse } from "yaml";
import { checkChartValues } from "./checks/chart-values.ts";
import { checkTree } from "./checks/check-tree.ts";
import type { Finding } from "./checks/finding.ts";
import { renderResources } from "./render.ts";
import { readTreeFiles, readValues } from "./tree-files.ts";

interface Edit {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

const files = readTreeFiles();

/** Puts a fault into a copy of the tree and gives what the checks find in an overlay of it. */
function plant(overlay: string, edits: readonly Edit[]): Finding[] {
  const planted = new Map(files);
  for (const { file, from, to } of edits) {
    const text = planted.get(file) ?? "";
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`Cannot plant: "${file}" does not have ${from}`);
    planted.set(file, changed);
  }
  return checkTree(renderResources(`/overlays/${overlay}`, createMemoryFileSystem(planted)));
}

const APP = "base/app/deployment.yaml";
const MODEL = "base/model-service/deployment.yaml";
const CANARY = "components/canary/app/deployment-v2.yaml";
const ROUTES = "components/canary/routes-patch.yaml";
const SHADOW = "components/shadow/model-service/virtualservice-model-service.yaml";
const REPORTS = "components/shadow/shadow-report/authorizationpolicy.yaml";
const LIMITS = "components/ratelimit/ratelimit/config.yaml";
const FILTER = "components/ratelimit/gateway/envoyfilter-ratelimit.yaml";
const ACTIONS = "components/ratelimit/gateway/envoyfilter-actions.yaml";
const BOARDS = "components/monitoring/dashboards";
const GLOBAL = / {12}# Everybody together\.[\s\S]*?descriptor_value: global\n/;
const ANONYMOUS = / {12}# Who does not,[\s\S]*$/;

type Row = readonly [
  fault: string,
  check: string,
  resource: string,
  overlay: string,
  edits: Edit[],
];

/** What was wrong in the original (rows of the feature list), put back. */
const ORIGINAL: readonly Row[] = [
  [
    "S40: the global limit is configured and nobody asks for it",
    "limit-is-asked",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: ACTIONS, from: GLOBAL, to: "" }],
  ],
  [
    "S39: a caller without authorization has no limit of his own",
    "everybody-limited",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: ACTIONS, from: ANONYMOUS, to: "" }],
  ],
  [
    "S39: the gateway waits ten seconds for a dead limiter",
    "limiter-timeout",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: FILTER, from: "timeout: 0.1s", to: "timeout: 10s" }],
  ],
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
    [{ file: "base/kustomization.yaml", from: "newTag: 0.1.0", to: "newTag: latest" }],
  ],
  [
    "S32: a mounted model of no fixed version",
    "images-pinned",
    "Deployment/model-service-v1",
    "canary",
    [{ file: "base/kustomization.yaml", from: "newTag: 1.0.0", to: "newTag: latest" }],
  ],
  [
    "S36: a visitor is drawn anew at each reload",
    "visitors-stay",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: / {6}headers:\n {8}response:[\s\S]*?SameSite=Lax\n/, to: "" }],
  ],
  [
    "S36: a cookie that brings the visitor to the other version",
    "visitors-stay",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: "hookline-version=v2(;", to: "hookline-version=v1(;" }],
  ],
  [
    "S36: a route to a subset that does not exist",
    "route-exists",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: "subset: v2", to: "subset: v3" }],
  ],
  [
    "S36: a subset that selects no pod",
    "subset-selects-pods",
    "DestinationRule/app",
    "canary",
    [{ file: "components/canary/subset-patch.yaml", from: "version: v2", to: "version: v3" }],
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
    "S31: a monitor of a port that no Service has",
    "monitor-finds-services",
    "ServiceMonitor/hookline",
    "monitoring",
    [
      {
        file: "components/monitoring/metrics/servicemonitor.yaml",
        from: "port: metrics",
        to: "port: web",
      },
    ],
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
    "S27: a panel of the time that the node is idle",
    "panel-sound",
    "Dashboard/custom-metrics.json",
    "monitoring",
    [
      {
        file: `${BOARDS}/custom-metrics.json`,
        from: "rate(process_cpu_seconds_total[",
        to: 'rate(node_cpu_seconds_total{mode=\\"idle\\"}[',
      },
    ],
  ],
  [
    "S27: two panels of one id",
    "panel-sound",
    "Dashboard/custom-metrics.json",
    "monitoring",
    [{ file: `${BOARDS}/custom-metrics.json`, from: '"id": 17', to: '"id": 16' }],
  ],
  [
    "S27: the panel type that Grafana has no more",
    "panel-sound",
    "Dashboard/overview.json",
    "monitoring",
    [{ file: `${BOARDS}/overview.json`, from: '"type": "timeseries"', to: '"type": "graph"' }],
  ],
  [
    "S28: versions told apart by the names of pods",
    "panel-sound",
    "Dashboard/shadow.json",
    "monitoring",
    [
      {
        file: `${BOARDS}/shadow.json`,
        from: '"expr": "model_phishing_rate"',
        to: '"expr": "model_phishing_rate{pod=~\\".*v1.*\\"}"',
      },
    ],
  ],
  [
    "S27: a data source by a name that only an import would replace",
    "panel-sound",
    "Dashboard/slo.json",
    "monitoring",
    [
      {
        file: `${BOARDS}/slo.json`,
        from: `"uid": "\${datasource}"`,
        to: `"uid": "\${DS_PROMETHEUS}"`,
      },
    ],
  ],
  [
    "S29: dashboards that Grafana does not look for",
    "dashboards-loaded",
    "ConfigMap/dashboards",
    "monitoring",
    [{ file: `${BOARDS}/kustomization.yaml`, from: 'grafana_dashboard: "1"', to: 'grafana: "1"' }],
  ],
  [
    "S29: more dashboards than one ConfigMap can hold",
    "dashboards-loaded",
    "ConfigMap/dashboards",
    "monitoring",
    [{ file: `${BOARDS}/slo.json`, from: /\n/, to: " ".repeat(1024 * 1024) }],
  ],
  [
    "a dashboard on a metric that does not exist",
    "metric-exists",
    "Dashboard/limits.json",
    "monitoring",
    [{ file: `${BOARDS}/limits.json`, from: "rate_limit_over_limit", to: "rate_limit_denied" }],
  ],
  [
    "an alert on a metric that does not exist",
    "metric-exists",
    "PrometheusRule/traffic",
    "monitoring",
    [
      {
        file: "components/monitoring/rules/prometheusrule-traffic.yaml",
        from: "page_requests_total",
        to: "page_request_total",
      },
    ],
  ],
  [
    "an alert that does not say what to do",
    "alert-complete",
    "PrometheusRule/platform",
    "monitoring",
    [
      {
        file: "components/monitoring/rules/prometheusrule-platform.yaml",
        from: / {12}runbook: .*\n/,
        to: "",
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
];

const TRACING = "components/monitoring/tracing";

/** Mistakes that are easily made in this tree. */
const OURS: readonly Row[] = [
  [
    "S34: spans for a provider that the mesh does not have",
    "traces-arrive",
    "Telemetry/tracing",
    "monitoring",
    [{ file: `${TRACING}/telemetry.yaml`, from: "name: jaeger", to: "name: zipkin" }],
  ],
  [
    "S34: no request is traced",
    "traces-arrive",
    "Telemetry/tracing",
    "production",
    [{ file: `${TRACING}/telemetry.yaml`, from: /Percentage: \d+/, to: "Percentage: 0" }],
  ],
  [
    "S34: a fence that no span gets over",
    "traces-arrive",
    "Telemetry/tracing",
    "monitoring",
    [{ file: `${TRACING}/networkpolicy.yaml`, from: "port: 4317", to: "port: 4318" }],
  ],
  [
    "S34: sidecars that are not told where the collector is",
    "traces-arrive",
    "Telemetry/tracing",
    "monitoring",
    [{ file: "base/namespace/sidecar.yaml", from: "istio-system/*", to: "monitoring/*" }],
  ],
  [
    "a merge patch that replaces the list of routes",
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
    "weights that do not sum to 100",
    "route-exists",
    "VirtualService/app",
    "canary",
    [{ file: ROUTES, from: "weight: 10", to: "weight: 20" }],
  ],
  [
    "a descriptor that the limiter does not know",
    "limit-is-asked",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: LIMITS, from: "key: authorization", to: "key: auth_token" }],
  ],
  [
    "keys in another order than the limiter's",
    "limit-is-asked",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [
      {
        file: LIMITS,
        from: / {2}- key: client[\s\S]*$/,
        to: "  - key: remote_address\n    descriptors:\n      - key: client\n        rate_limit:\n          unit: minute\n          requests_per_unit: 10\n",
      },
    ],
  ],
  [
    "actions without the filter",
    "limits-wired",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: FILTER, from: "domain: hookline", to: "stat_prefix: hookline" }],
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
    "the policy comes after the pods that it guards",
    "sync-order",
    "Deployment/shadow-report",
    "shadow",
    [{ file: REPORTS, from: 'sync-wave: "-1"', to: 'sync-wave: "1"' }],
  ],
  [
    "another domain than the limiter's",
    "limits-wired",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: LIMITS, from: "domain: hookline", to: "domain: elsewhere" }],
  ],
  [
    "a virtual host of another name",
    "limits-wired",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: ACTIONS, from: 'name: ""', to: 'name: "hookline.example:80"' }],
  ],
  [
    "a filter on pods that are no gateway",
    "limits-wired",
    "EnvoyFilter/ratelimit-actions",
    "ratelimit",
    [{ file: ACTIONS, from: "istio: ingressgateway", to: "istio: gateway" }],
  ],
  [
    "the limiter of another namespace",
    "limits-wired",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: "overlays/ratelimit/kustomization.yaml", from: /transformers:[\s\S]*$/, to: "" }],
  ],
  [
    "S33: an alert that nobody receives",
    "alert-arrives",
    "AlertmanagerConfig/hookline",
    "monitoring",
    [
      {
        file: "components/monitoring/rules/alertmanagerconfig.yaml",
        from: "receiver: operator",
        to: "receiver: somebody",
      },
    ],
  ],
  [
    "mail to the mailbox of another namespace",
    "alert-arrives",
    "AlertmanagerConfig/hookline",
    "monitoring",
    [{ file: "overlays/monitoring/kustomization.yaml", from: /transformers:[\s\S]*$/, to: "" }],
  ],
  [
    "a Service that selects nothing",
    "service-selects-pods",
    "Service/app",
    "canary",
    [
      {
        file: "base/app/service.yaml",
        from: "app.kubernetes.io/name: app",
        to: "app.kubernetes.io/name: web",
      },
    ],
  ],
  [
    "a Service on a port that the pod does not have",
    "port-exists",
    "Service/app",
    "canary",
    [{ file: "base/app/service.yaml", from: "targetPort: http", to: "targetPort: web" }],
  ],
  [
    "a gateway that selects nothing",
    "gateway-selects-pods",
    "Gateway/hookline",
    "canary",
    [{ file: "base/routing/gateway.yaml", from: "istio: ingressgateway", to: "istio: ingress" }],
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
    "mutual TLS on the metrics port",
    "metrics-readable",
    "Service/model-service",
    "monitoring",
    [{ file: "base/model-service/peerauthentication.yaml", from: "9091", to: "9090" }],
  ],
  [
    "the canary's share before its pods",
    "sync-order",
    "VirtualService/app",
    "canary",
    [
      {
        file: "base/routing/virtualservice-app.yaml",
        from: 'sync-wave: "1"',
        to: 'sync-wave: "-1"',
      },
    ],
  ],
  [
    "the shadow's pods before the route that keeps live requests from them",
    "sync-order",
    "Deployment/model-service-v2",
    "shadow",
    [
      {
        file: "components/shadow/model-service/virtualservice-model-service.yaml",
        from: 'sync-wave: "-1"',
        to: 'sync-wave: "1"',
      },
    ],
  ],
  [
    "an autoscaler, degraded at first, before the routes",
    "sync-order",
    "HorizontalPodAutoscaler/app-v1",
    "production",
    [
      {
        file: "components/autoscale/app/horizontalpodautoscaler.yaml",
        from: 'sync-wave: "2"',
        to: 'sync-wave: "0"',
      },
    ],
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
  [
    "S37: a canary that says that it is the stable one",
    "version-told",
    "Deployment/app-v2",
    "canary",
    [{ file: CANARY, from: "value: v2", to: "value: v1" }],
  ],
  [
    "S38: a shadow that is sent a part of the requests",
    "shadow-sees-all",
    "VirtualService/model-service",
    "shadow",
    [{ file: SHADOW, from: "value: 100", to: "value: 10" }],
  ],
  [
    "S38: a copy to the model that has answered already",
    "shadow-sees-all",
    "VirtualService/model-service",
    "production",
    [{ file: SHADOW, from: "subset: v2", to: "subset: v1" }],
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
];

type ValuesRow = readonly [fault: string, check: string, chart: string, from: RegExp, to: string];

/** What the charts of others would do by themselves, or were made to do in the original. */
const VALUES: readonly ValuesRow[] = [
  [
    "S32: Grafana's password in Git",
    "no-plain-secret",
    "kube-prometheus-stack",
    /adminUser: admin\n/,
    "adminUser: admin\n  adminPassword: admin\n",
  ],
  [
    "S31: monitors that Prometheus reads by the label of its release only",
    "monitors-are-read",
    "kube-prometheus-stack",
    / +serviceMonitorSelectorNilUsesHelmValues: false\n/,
    "",
  ],
  [
    "S30: rules that nobody reads",
    "monitors-are-read",
    "kube-prometheus-stack",
    /ruleSelectorNilUsesHelmValues: false/,
    "ruleSelectorNilUsesHelmValues: true",
  ],
  [
    "S33: routes that get the alerts of one namespace only",
    "alert-arrives",
    "kube-prometheus-stack",
    /type: None/,
    "type: OnNamespace",
  ],
  [
    "trap 12: targets that are always down on k3s",
    "targets-of-k3s",
    "kube-prometheus-stack",
    /kubeProxy:\n {2}enabled: false\n/,
    "",
  ],
  [
    "trap 12: a job that hangs beside a sidecar",
    "no-admission-job",
    "kube-prometheus-stack",
    /admissionWebhooks:\n {4}enabled: false/,
    "admissionWebhooks:\n    enabled: true",
  ],
  [
    "trap 21: an image of the registry that is being emptied",
    "images-pinned",
    "sealed-secrets",
    / +registry: ghcr.io\n/,
    "",
  ],
  [
    "S32: a chart's image of no fixed version",
    "images-pinned",
    "sealed-secrets",
    /tag: [\d.]+/,
    "tag: latest",
  ],
];

describe("planted faults", () => {
  test.each([...VALUES])("%s: found as %s in the values of %s", (_, check, chart, from, to) => {
    const text = readValues(chart);
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(checkChartValues(chart, parse(changed)).map((one) => one.check)).toEqual([check]);
  });

  test.each([...ORIGINAL, ...OURS])(
    "%s: found as %s at %s",
    (_, check, resource, overlay, edits) => {
      const found = plant(overlay, edits).map(
        // ConfigMaps have a hash of what they hold at the end of their name.
        (one) => `${one.check} ${one.resource.replace(/-[a-z0-9]{10}$/, "")}`,
      );
      expect(found).toContain(`${check} ${resource}`);
    },
    20_000,
  );

  test("without a fault nothing is found", () => {
    expect(plant("ratelimit", [])).toEqual([]);
  }, 20_000);
});
