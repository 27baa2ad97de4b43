// The smallest manifests that the tests need; each test adds what it is about.
type Json = object;

export function deployment(
  name: string,
  {
    spec = {},
    pod = {},
    container = {},
    labels = {},
  }: {
    readonly spec?: Json | undefined;
    readonly pod?: Json | undefined;
    readonly container?: Json | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  } = {},
): Json {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "ns" },
    spec: {
      ...spec,
      template: {
        metadata: { labels: { "app.kubernetes.io/name": name, ...labels } },
        spec: { containers: [{ name, image: "ghcr.io/hookline/app:0.1.0", ...container }], ...pod },
      },
    },
  };
}

export function configMap(name: string, data: Record<string, string>): Json {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "ns" }, data };
}

export function secret(name: string, data: Record<string, string>): Json {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "ns" }, data };
}

export function service(name: string, ...ports: readonly number[]): Json {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "ns" },
    spec: { ports: ports.map((port) => ({ port })), selector: { "app.kubernetes.io/name": name } },
  };
}

export function autoscaler(target: string, minReplicas: number): Json {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: target, namespace: "ns" },
    spec: { minReplicas, maxReplicas: 9, scaleTargetRef: { kind: "Deployment", name: target } },
  };
}
