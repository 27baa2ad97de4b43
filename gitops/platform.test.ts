import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkTree } from "./checks/check-tree.ts";
import { hasPort, listPods, selectPods } from "./checks/pods.ts";
import { COLLECTOR } from "./checks/tracing.ts";
import { readTree } from "./checks/tree.ts";
import { renderResources, TREE } from "./render.ts";

/** The namespace and its rules are Istio's, and pods without a sidecar need no exception from mutual TLS. */
const ELSEWHERE = ["default-deny", "metrics-readable", "one-namespace"];
const ADDONS = join(TREE, "platform", "istio-addons");
const rendered = renderResources(ADDONS);
const tree = readTree(rendered);

const read = (path: string): unknown =>
  parse(readFileSync(join(TREE, "platform", ...path.split("/")), "utf8"));
const Istiod = z.object({
  meshConfig: z.object({
    defaultConfig: z.object({ tracingServiceName: z.string() }),
    extensionProviders: z.array(
      z.object({
        name: z.string(),
        opentelemetry: z.object({ service: z.string(), port: z.number() }),
      }),
    ),
  }),
});
const Stack = z.object({
  grafana: z.object({ additionalDataSources: z.array(z.object({ url: z.string() })) }),
});
const Kiali = z.object({
  auth: z.object({ strategy: z.string() }),
  deployment: z.object({ view_only_mode: z.boolean() }),
  external_services: z.object({
    prometheus: z.object({ url: z.string() }),
    tracing: z.object({ enabled: z.boolean(), internal_url: z.string() }),
  }),
  server: z.object({ port: z.number(), web_root: z.string() }),
});
const Jaeger = z.object({
  service: z.object({
    extensions: z.array(z.string()),
    pipelines: z.object({
      traces: z.object({
        receivers: z.array(z.string()),
        processors: z.array(z.string()),
        exporters: z.array(z.string()),
      }),
    }),
  }),
  extensions: z.record(z.string(), z.unknown()),
  receivers: z.record(z.string(), z.unknown()),
  processors: z.record(z.string(), z.unknown()),
  exporters: z.record(z.string(), z.unknown()),
});
const Role = z.object({
  rules: z.array(z.object({ resources: z.array(z.string()), verbs: z.array(z.string()) })),
});

/** Whether a URL or host:port of the cluster is a Service's of the add-ons. */
function isServed(host: string, port: number): boolean {
  return tree.services.some(({ metadata, spec }) => {
    const names = [".svc.cluster.local", ".svc", ""].map(
      (end) => `${metadata.name}.${metadata.namespace}${end}`,
    );
    return names.includes(host) && spec.ports.some((one) => one.port === port);
  });
}
function isServedUrl(url: string): boolean {
  const { hostname, port } = new URL(url);
  return isServed(hostname, Number(port));
}

describe("Jaeger and Kiali (S34)", () => {
  test("keep what every tree of ours keeps", () => {
    const findings = checkTree(rendered).filter(({ check }) => !ELSEWHERE.includes(check));
    expect(findings).toEqual([]);
  });

  test("istiod sends spans to the collector that runs, and names them by the program", () => {
    const { meshConfig } = Istiod.parse(read("istiod/values.yaml"));
    const provider = meshConfig.extensionProviders.find(({ name }) => name === COLLECTOR.provider);
    const { service, port } = provider?.opentelemetry ?? { service: "", port: 0 };
    expect(isServed(service, port)).toBe(true);
    const pods = selectPods(listPods(tree), COLLECTOR.labels);
    expect(pods.filter((pod) => hasPort(pod, COLLECTOR.port)).length).toBe(1);
    expect([port, service.split(".")[1]]).toEqual([COLLECTOR.port, COLLECTOR.namespace]);
    expect(meshConfig.defaultConfig.tracingServiceName).toBe("CANONICAL_NAME_AND_NAMESPACE");
  });

  test("Jaeger's pipeline is of parts that its file configures, and listens where its pod says", () => {
    const config = Jaeger.parse(read("istio-addons/jaeger/config.yaml"));
    const { receivers, processors, exporters } = config.service.pipelines.traces;
    for (const [used, known] of [
      [config.service.extensions, config.extensions],
      [receivers, config.receivers],
      [processors, config.processors],
      [exporters, config.exporters],
    ] as const) {
      expect(used.filter((name) => !(name in known))).toEqual([]);
    }
    const listens = [...JSON.stringify(config).matchAll(/0\.0\.0\.0:(\d+)/g)].map(([, port]) =>
      Number(port),
    );
    const [pod] = selectPods(listPods(tree), COLLECTOR.labels);
    // The last one is the metrics', which are not an "endpoint" in Jaeger's file.
    expect([...listens, 8888].sort()).toEqual([...(pod?.ports.values() ?? [])].sort());
  });

  test("Kiali and Grafana find Jaeger, and Kiali the one Prometheus", () => {
    const kiali = Kiali.parse(read("istio-addons/kiali/config.yaml"));
    const { grafana } = Stack.parse(read("kube-prometheus-stack/values.yaml"));
    const urls = [
      kiali.external_services.tracing.internal_url,
      ...grafana.additionalDataSources.map(({ url }) => url),
    ];
    expect(urls.filter((url) => !isServedUrl(url))).toEqual([]);
    // The chart's fullname of the release, in the namespace of its application.
    const host = "kube-prometheus-stack-prometheus.monitoring";
    expect(kiali.external_services.prometheus.url).toBe(`http://${host}:9090`);
  });

  test("Kiali lets everybody look because it can change nothing and read no secret", () => {
    const kiali = Kiali.parse(read("istio-addons/kiali/config.yaml"));
    expect([kiali.auth.strategy, kiali.deployment.view_only_mode]).toEqual(["anonymous", true]);
    const { rules } = Role.parse(read("istio-addons/kiali/clusterrole.yaml"));
    const verbs = new Set(rules.flatMap((rule) => rule.verbs));
    expect([...verbs].sort()).toEqual(["get", "list", "watch"]);
    const resources = rules.flatMap((rule) => rule.resources);
    expect(resources.filter((name) => /secret|log|portforward/.test(name))).toEqual([]);
  });
});
