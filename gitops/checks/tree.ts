import { z } from "zod";
import {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  Resource,
  Service,
  ServiceAccount,
} from "./kinds.ts";
import {
  AlertmanagerConfig,
  Gateway,
  PeerAuthentication,
  PrometheusRule,
  ServiceMonitor,
  Sidecar,
  Telemetry,
  VirtualService,
} from "./mesh-kinds.ts";

/** Rendered resources by kind, parsed once. */
export type Tree = ReturnType<typeof readTree>;

/** Parses what a renderer gave; throws a ZodError that names the field a check could not read. */
export function readTree(rendered: readonly unknown[]) {
  const resources = rendered.map((resource) => Resource.parse(resource));
  const read = <Schema extends z.ZodType>(kind: string, schema: Schema): z.infer<Schema>[] =>
    rendered.filter((_, index) => resources[index]?.kind === kind).map((one) => schema.parse(one));
  return {
    resources,
    /** As they were rendered. */
    rendered: rendered.map((resource) => z.record(z.string(), z.json()).parse(resource)),
    alertmanagerConfigs: read("AlertmanagerConfig", AlertmanagerConfig),
    configMaps: read("ConfigMap", ConfigMap),
    deployments: read("Deployment", Deployment),
    gateways: read("Gateway", Gateway),
    horizontalPodAutoscalers: read("HorizontalPodAutoscaler", HorizontalPodAutoscaler),
    networkPolicies: read("NetworkPolicy", NetworkPolicy),
    peerAuthentications: read("PeerAuthentication", PeerAuthentication),
    podDisruptionBudgets: read("PodDisruptionBudget", PodDisruptionBudget),
    prometheusRules: read("PrometheusRule", PrometheusRule),
    serviceAccounts: read("ServiceAccount", ServiceAccount),
    serviceMonitors: read("ServiceMonitor", ServiceMonitor),
    services: read("Service", Service),
    sidecars: read("Sidecar", Sidecar),
    telemetries: read("Telemetry", Telemetry),
    virtualServices: read("VirtualService", VirtualService),
  };
}
