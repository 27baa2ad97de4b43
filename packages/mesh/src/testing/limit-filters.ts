import {
  type CompileLimitsOptions,
  compileLimits,
  type LimitedRoute,
} from "../limits/compile-limits.ts";
import { readManifests } from "../read-manifests.ts";
import type { JsonObject, Source } from "../types.ts";
import { buildGatewaySource, buildRequest } from "./requests.ts";

// EnvoyFilters of a test, and what a route's requests ask the limiter under them.

const ROUTE: LimitedRoute = {
  virtualHost: "*:80",
  domains: ["*"],
  name: "app",
  action: "ROUTE",
  virtualService: "hookline/app",
  port: 80,
};
const CLUSTER = "outbound|80|v1|app.hookline.svc.cluster.local";
export const gateway = buildGatewaySource("hookline");

/** The rate-limit filter as components/ratelimit has it. */
export const FILTER = `
- applyTo: HTTP_FILTER
  match:
    context: GATEWAY
    listener:
      filterChain:
        filter:
          name: envoy.filters.network.http_connection_manager
          subFilter: { name: envoy.filters.http.router }
  patch:
    operation: INSERT_BEFORE
    value:
      name: envoy.filters.http.ratelimit
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
        domain: d
        rate_limit_service:
          transport_api_version: V3
          grpc_service:
            envoy_grpc: { cluster_name: outbound|8081||ratelimit.hookline.svc.cluster.local }`;

export function filter(name: string, patches: string, head = ""): string {
  const indented = patches.replaceAll("\n", "\n    ");
  return `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: ${name}, namespace: hookline }
spec:
  ${head || "workloadSelector: { labels: { istio: ingressgateway } }"}
  configPatches:
    ${indented}
---`;
}

export const lists = (
  value: string,
  more = "applyTo: VIRTUAL_HOST\n  match: { context: GATEWAY }",
) => `
- ${more}
  patch: { operation: MERGE, value: ${value} }`;
export const vhost = (match: string, actions: string) =>
  lists(
    `{ rate_limits: [{ actions: [${actions}] }] }`,
    `applyTo: VIRTUAL_HOST\n  match: { context: GATEWAY, routeConfiguration: ${match} }`,
  );
export const key = (value: string) => `{ generic_key: { descriptor_value: ${value} } }`;

export function ask(
  text: string | readonly JsonObject[],
  given: {
    request?: Parameters<typeof buildRequest>[0];
    route?: Partial<LimitedRoute>;
    source?: Source;
    options?: CompileLimitsOptions;
  } = {},
) {
  const resources = typeof text === "string" ? readManifests(text) : text;
  const limits = compileLimits(resources, given.source ?? gateway, given.options);
  return limits.of({ ...ROUTE, ...given.route })?.(buildRequest(given.request), CLUSTER);
}
