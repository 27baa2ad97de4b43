// What istiod would make of the canary overlay's routes for a gateway, without TLS, telemetry and access log.

const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });

function buildCluster(name: string, port: number) {
  return {
    name,
    type: "STATIC",
    lb_policy: "LEAST_REQUEST",
    connect_timeout: "10s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }],
    },
    outlier_detection: {
      consecutive_5xx: 5,
      interval: "10s",
      base_ejection_time: "30s",
      max_ejection_percent: 50,
    },
  };
}

const header = (name: string, value: string) => ({
  prefix: "/",
  headers: [{ name, string_match: { exact: value } }],
});
const cookie = (version: string) => ({
  prefix: "/",
  headers: [
    {
      name: "cookie",
      string_match: { safe_regex: { regex: `(.*;\\s*)?hookline-version=${version}(;.*)?` } },
    },
  ],
});
const to = (version: string) => ({ cluster: version, timeout: "5s" });

function weighted(version: string, weight: number) {
  const value = `hookline-version=${version}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`;
  return {
    name: version,
    weight,
    response_headers_to_add: [{ header: { key: "set-cookie", value } }],
  };
}

const HIDDEN = [
  { prefix: "/metrics" },
  { prefix: "/admin" },
  { prefix: "/debug" },
  { path: "/healthz" },
  { path: "/readyz" },
];

const ROUTES = [
  ...HIDDEN.map((match) => ({ match, direct_response: { status: 404 } })),
  { match: header("user-type", "test-user"), route: to("v2") },
  { match: header("user-type", "normal-user"), route: to("v1") },
  { match: cookie("v2"), route: to("v2") },
  { match: cookie("v1"), route: to("v1") },
  {
    match: { prefix: "/" },
    route: {
      weighted_clusters: { clusters: [weighted("v1", 90), weighted("v2", 10)] },
      timeout: "5s",
      retry_policy: {
        retry_on: "connect-failure,refused-stream,reset-before-request",
        num_retries: 2,
      },
    },
  },
];

const typed = (name: string, rest: object) => ({
  "@type": `type.googleapis.com/envoy.extensions.filters.${name}`,
  ...rest,
});

/** Envoy's bootstrap: one listener, both versions at the one backend. */
export function buildEnvoyConfig({ port, backend }: { port: number; backend: number }): object {
  const router = {
    name: "envoy.filters.http.router",
    typed_config: typed("http.router.v3.Router", {}),
  };
  const hosts = [
    { name: "*:80", domains: ["*"], include_request_attempt_count: true, routes: ROUTES },
  ];
  const manager = typed("network.http_connection_manager.v3.HttpConnectionManager", {
    stat_prefix: "gateway",
    use_remote_address: true,
    normalize_path: true,
    http_filters: [router],
    route_config: { virtual_hosts: hosts },
  });
  const filters = [
    { name: "envoy.filters.network.http_connection_manager", typed_config: manager },
  ];
  return {
    static_resources: {
      listeners: [{ name: "gateway", address: address(port), filter_chains: [{ filters }] }],
      clusters: ["v1", "v2"].map((version) => buildCluster(version, backend)),
    },
  };
}
