import { Probe } from "../workloads/manifests.ts";
import type { Workload } from "../workloads/workload.ts";

/**
 * Prometheus or Alertmanager as one pod. In a cluster an operator makes their pods of resources
 * that the overlay has not; the probes are those that it gives them.
 */
export function buildOperatedWorkload(name: string, namespace: string): Workload {
  const probe = (path: string) =>
    Probe.parse({ httpGet: { path, port: "http" }, periodSeconds: 5 });
  const ready = probe("/-/ready");
  return {
    name,
    namespace,
    replicas: 1,
    strategy: { kind: "recreate" },
    template: {
      labels: { "app.kubernetes.io/name": name },
      annotations: {},
      serviceAccount: "default",
      image: "",
      command: [],
      args: [],
      environment: [],
      ports: [{ name: "http", number: 9090 }],
      mounts: [],
      volumes: new Map(),
      probes: {
        startup: { ...ready, periodSeconds: 1, failureThreshold: 60 },
        readiness: ready,
        liveness: probe("/-/healthy"),
      },
      preStopMs: 0,
      graceMs: 3_000,
    },
  };
}
