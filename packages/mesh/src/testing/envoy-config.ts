import type { StringMatch } from "../schema/values.ts";
import type {
  Action,
  Cluster,
  ForwardAction,
  HeaderMatch,
  PathMatch,
  Route,
  RouteTable,
  VirtualHost,
} from "../table/route-table.ts";
import type { HeaderOps } from "../types.ts";

// A table as Envoy's configuration, in test code only: what istiod would send.

const TYPE = "type.googleapis.com/envoy";
const MANAGER = "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

export interface EnvoyListener {
  readonly name: string;
  readonly table: RouteTable;
  readonly mergesSlashes?: boolean;
}

export interface EnvoyOptions {
  readonly listeners: readonly EnvoyListener[];
  /** The loopback port behind each cluster's name. */
  readonly backends: ReadonlyMap<string, number>;
}

export function buildBootstrap({ listeners, backends }: EnvoyOptions) {
  return {
    admin: { address: address(0) },
    static_resources: {
      listeners: listeners.map(buildListener),
      clusters: [...backends].map(([name, port]) => ({
        name,
        type: "STATIC",
        connect_timeout: "1s",
        load_assignment: {
          cluster_name: name,
          endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }],
        },
      })),
    },
  };
}

function address(port: number) {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function buildListener({ name, table, mergesSlashes = false }: EnvoyListener) {
  const cors = {
    name: "envoy.filters.http.cors",
    typed_config: { "@type": `${TYPE}.extensions.filters.http.cors.v3.Cors` },
  };
  const router = {
    name: "envoy.filters.http.router",
    typed_config: { "@type": `${TYPE}.extensions.filters.http.router.v3.Router` },
  };
  const manager = {
    "@type": `${TYPE}.${MANAGER}`,
    stat_prefix: name,
    use_remote_address: true,
    normalize_path: true,
    merge_slashes: mergesSlashes,
    path_with_escaped_slashes_action: mergesSlashes ? "UNESCAPE_AND_FORWARD" : "KEEP_UNCHANGED",
    http_filters: [cors, router],
    route_config: {
      ignore_port_in_host_matching: true,
      validate_clusters: false,
      virtual_hosts: table.virtualHosts.map(buildHost),
    },
  };
  const filter = { name: "manager", typed_config: manager };
  return { name, address: address(0), filter_chains: [{ filters: [filter] }] };
}

function buildHost({ name, domains, requireTls, routes }: VirtualHost) {
  return {
    name,
    domains,
    ...(requireTls ? { require_tls: "ALL" } : {}),
    routes: routes.map(buildRoute),
  };
}

function buildRoute(route: Route) {
  const { match, request, response, action } = route;
  return {
    match: {
      ...buildPath(match.path),
      case_sensitive: !match.ignoreCase,
      headers: match.headers.map(buildHeader),
      query_parameters: match.query.map(({ name, value }) => ({
        name,
        ...(isEmpty(value) ? { present_match: true } : { string_match: buildString(value) }),
      })),
    },
    ...buildOps(request, response),
    ...buildAction(action),
    ...(route.cors === undefined
      ? {}
      : { typed_per_filter_config: { "envoy.filters.http.cors": buildCors(route.cors) } }),
  };
}

function buildCors(cors: NonNullable<Route["cors"]>) {
  const { maxAge, unmatchedPreflights, allowCredentials } = cors;
  return {
    "@type": `${TYPE}.extensions.filters.http.cors.v3.CorsPolicy`,
    allow_origin_string_match: (cors.allowOrigins ?? []).map(buildString),
    allow_methods: (cors.allowMethods ?? []).join(","),
    allow_headers: (cors.allowHeaders ?? []).join(","),
    expose_headers: (cors.exposeHeaders ?? []).join(","),
    ...(maxAge === undefined ? {} : { max_age: String(maxAge / 1000) }),
    ...(allowCredentials === undefined ? {} : { allow_credentials: allowCredentials }),
    forward_not_matching_preflights: unmatchedPreflights !== "IGNORE",
    filter_enabled: { default_value: { numerator: 100 } },
  };
}

function buildPath({ kind, value }: PathMatch) {
  if (kind === "prefix") return { prefix: value };
  return kind === "exact" ? { path: value } : { safe_regex: { regex: value } };
}

function isEmpty(value: StringMatch): boolean {
  return Object.keys(value).length === 0;
}

function buildString({ exact, prefix, regex }: StringMatch) {
  if (exact !== undefined) return { exact };
  return prefix === undefined ? { safe_regex: { regex } } : { prefix };
}

function buildHeader({ name, value, invert }: HeaderMatch) {
  if (isEmpty(value)) return { name, present_match: true, invert_match: invert };
  return {
    name,
    string_match: buildString(value),
    invert_match: invert,
    treat_missing_header_as_empty: invert,
  };
}

function buildOps(request: HeaderOps, response: HeaderOps) {
  const list = ({ set, add }: HeaderOps) => [
    ...set.map((pair) => buildAdded(pair, "OVERWRITE_IF_EXISTS_OR_ADD")),
    ...add.map((pair) => buildAdded(pair, "APPEND_IF_EXISTS_OR_ADD")),
  ];
  return {
    request_headers_to_add: list(request),
    request_headers_to_remove: request.remove,
    response_headers_to_add: list(response),
    response_headers_to_remove: response.remove,
  };
}

function buildAdded([key, value]: readonly [string, string], append_action: string) {
  return { header: { key, value: value.replaceAll("%", "%%") }, append_action };
}

function buildAction(action: Action) {
  switch (action.kind) {
    case "direct":
      return {
        direct_response: {
          status: action.status,
          ...(action.body === undefined ? {} : { body: { inline_string: action.body } }),
        },
      };
    case "redirect": {
      const { status, scheme, authority, port, path } = action;
      const codes: Readonly<Record<number, string>> = {
        301: "MOVED_PERMANENTLY",
        302: "FOUND",
        303: "SEE_OTHER",
        307: "TEMPORARY_REDIRECT",
        308: "PERMANENT_REDIRECT",
      };
      return {
        redirect: {
          response_code: codes[status],
          ...(scheme === undefined ? {} : { scheme_redirect: scheme }),
          ...(authority === undefined ? {} : { host_redirect: authority }),
          ...(port === undefined ? {} : { port_redirect: port }),
          ...(path === undefined ? {} : { path_redirect: path }),
        },
      };
    }
    case "forward":
      return { route: buildForward(action) };
  }
}

function buildForward({ clusters, mirrors, timeoutMs, rewrite, authority }: ForwardAction) {
  return {
    // One that is left of several has headers of its own, as Istio's applyHTTPRouteDestination leaves it.
    weighted_clusters: { clusters: clusters.map(buildCluster) },
    timeout: `${(timeoutMs ?? 0) / 1000}s`,
    request_mirror_policies: mirrors.map(({ name, percent }) => ({
      cluster: name,
      runtime_fraction: {
        default_value: { numerator: Math.round(percent * 10_000), denominator: "MILLION" },
      },
    })),
    ...(rewrite?.kind === "prefix" ? { prefix_rewrite: rewrite.value } : {}),
    ...(rewrite?.kind === "regex"
      ? {
          regex_rewrite: {
            pattern: { regex: rewrite.match },
            substitution: rewrite.substitution,
          },
        }
      : {}),
    ...(authority === undefined ? {} : { host_rewrite_literal: authority }),
  };
}

function buildCluster({ name, weight, request, response, authority }: Cluster) {
  return {
    name,
    weight,
    ...buildOps(request, response),
    ...(authority === undefined ? {} : { host_rewrite_literal: authority }),
  };
}

/** Every cluster that a table names. */
export function listClusters({ virtualHosts }: RouteTable): Set<string> {
  return new Set(
    virtualHosts
      .flatMap(({ routes }) => routes)
      .flatMap(({ action }) =>
        action.kind === "forward" ? [...action.clusters, ...action.mirrors] : [],
      )
      .filter(({ destination }) => destination !== undefined)
      .map(({ name }) => name),
  );
}
