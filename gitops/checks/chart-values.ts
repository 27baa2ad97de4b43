import type { Finding } from "./finding.ts";

type Wish = readonly [check: string, path: string, value: unknown];

const STACK: readonly Wish[] = [
  // k3s runs these four inside one process that does not show them (helm-charts#1966, #2865).
  ...["kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler"].map(
    (name): Wish => ["targets-of-k3s", `${name}.enabled`, false],
  ),
  // Else Prometheus reads what has the label of the chart's release, and ours has not.
  ...["podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor"].map(
    (kind): Wish => [
      "monitors-are-read",
      `prometheus.prometheusSpec.${kind}SelectorNilUsesHelmValues`,
      false,
    ],
  ),
  // Its job hangs beside a sidecar.
  ["no-admission-job", "prometheusOperator.admissionWebhooks.enabled", false],
  // Else an overlay's routes get the alerts of its own namespace only.
  ["alert-arrives", "alertmanager.alertmanagerSpec.alertmanagerConfigMatcherStrategy.type", "None"],
];

/** What a chart would do otherwise than we need, by its folder in platform/. */
const WISHES: Readonly<Record<string, readonly Wish[]>> = {
  "kube-prometheus-stack": STACK,
  // The chart's own registry is being emptied.
  "sealed-secrets": [["images-pinned", "image.registry", "ghcr.io"]],
};

/** Our values of a chart hold no password and no unfixed image, and switch what has to be switched. */
export function checkChartValues(chart: string, values: unknown): Finding[] {
  const leaves = listLeaves(values);
  const words = [...leaves].flatMap(([path, value]): (readonly [string, string])[] => {
    if (/passw(or)?d$/i.test(path)) return [["no-plain-secret", `"${path}" has its value in Git`]];
    // Helm 4 renders it otherwise than Helm 3 (trap 7).
    if (value === null) return [["no-null", `"${path}" is null`]];
    const unfixed = /(^|\.)tag$/.test(path) && !/\d/.test(String(value));
    return unfixed ? [["images-pinned", `"${path}" is no fixed tag`]] : [];
  });
  const unmet = (WISHES[chart] ?? [])
    .filter(([, path, value]) => leaves.get(path) !== value)
    .map(([check, path, value]) => [check, `"${path}" is not ${value}`] as const);
  return [...words, ...unmet].map(([check, message]) => ({
    check,
    resource: `values/${chart}`,
    message,
  }));
}

/** Each value by the names of the keys that lead to it. */
function listLeaves(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, one]) => [
      ...listLeaves(one, path === "" ? key : `${path}.${key}`),
    ]),
  );
}
