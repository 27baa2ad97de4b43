import { describe } from "bun:test";
import { type Fault, testFaults } from "./plant.ts";

const BOARDS = "components/monitoring/dashboards";
const TRACING = "components/monitoring/tracing";

const FAULTS: readonly Fault[] = [
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
    "S28: totals only, which hide that two models differ on one URL",
    "pairs-drawn",
    "Dashboard/shadow.json",
    "monitoring",
    [
      {
        file: `${BOARDS}/shadow.json`,
        from: /shadow_pairs_total/g,
        to: "shadow_requests_total",
      },
    ],
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
    "S27, trap 13: a data source by a name that only an import would replace",
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
    "mutual TLS on the metrics port",
    "metrics-readable",
    "Service/model-service",
    "monitoring",
    [{ file: "base/model-service/peerauthentication.yaml", from: "9091", to: "9090" }],
  ],
  [
    "metrics for callers with an identity only",
    "metrics-readable",
    "Service/shadow-report",
    "production",
    [
      {
        file: "components/shadow/shadow-report/authorizationpolicy.yaml",
        from: "    - to:\n",
        to: "    - from: [{ source: { serviceAccounts: [model-service] } }]\n      to:\n",
      },
    ],
  ],
  [
    "S27: a unit where Grafana does not read it",
    "panel-sound",
    "Dashboard/custom-metrics.json",
    "monitoring",
    [{ file: `${BOARDS}/custom-metrics.json`, from: '"unit": "bytes"', to: '"format": "bytes"' }],
  ],
  [
    "S27: a line that nobody can tell from the others",
    "panel-sound",
    "Dashboard/custom-metrics.json",
    "monitoring",
    [
      {
        file: `${BOARDS}/custom-metrics.json`,
        from: '"legendFormat": "{{version}}"',
        to: '"legendFormat": ""',
      },
    ],
  ],
  [
    "a panel on another",
    "panel-sound",
    "Dashboard/overview.json",
    "monitoring",
    [{ file: `${BOARDS}/overview.json`, from: '"x": 8,', to: '"x": 4,' }],
  ],
];

describe("faults planted into dashboards, alerts and traces", () => {
  testFaults(FAULTS);
});
