import { MeshError } from "../errors.ts";
import { compileRegex } from "../regex/re2.ts";
import type { JsonObject, Labels, LimitCall, MeshRequest, Source } from "../types.ts";
import type { RateLimitEntry } from "./action-schema.ts";
import { type BuildDescriptor, compileEntry } from "./actions.ts";
import {
  type LimitFilter,
  type LimitsPatch,
  type ListenerPatch,
  type PatchContext,
  type RouteMatch,
  readEnvoyFilters,
} from "./envoy-filters.ts";
import { compileLocalReply, type LocalReply, type LocalReplyInput } from "./local-reply.ts";

/** A route of a proxy, as an EnvoyFilter may pick it. */
export interface LimitedRoute {
  /** Envoy's name of the virtual host: host and server port at a gateway, as "*:80". */
  readonly virtualHost: string;
  readonly domains: readonly string[];
  /** Envoy's name of the route: that of the HTTPRoute in the VirtualService. */
  readonly name: string | undefined;
  readonly action: "ROUTE" | "REDIRECT" | "DIRECT_RESPONSE";
  /** "namespace/name". */
  readonly virtualService?: string | undefined;
  /** The port of the Gateway's server, of the called Service, or inbound of the pod. */
  readonly port: number;
}

/** What a request asks the limiter; undefined where no list of actions gives a descriptor. */
export type LimitRequest = (
  request: MeshRequest,
  /** Envoy's cluster of the destination: "outbound|80|v1|app.hookline.svc.cluster.local". */
  cluster: string,
) => LimitCall | undefined;

/** Whose filters count: of the mesh's root namespace ("istio-system"), and of which side ("outbound"). */
export interface CompileLimitsOptions {
  readonly rootNamespace?: string;
  /** "inbound" is the sidecar of the pod that is called; not for a gateway. */
  readonly direction?: "outbound" | "inbound";
}

/** What a source's proxy has of limits. */
export interface Limits {
  /** Called once for each route; undefined for a route that asks nobody. */
  of(route: LimitedRoute): LimitRequest | undefined;
  /** The proxy's own answers as its local_reply_config changes them. */
  reply(input: LocalReplyInput): LocalReply;
}

/**
 * The limits of a source's proxy. Envoy asks the limiter only for a route that forwards
 * (`routeEntry()` in source/extensions/filters/http/ratelimit/ratelimit.cc). Refuses an
 * EnvoyFilter with a patch that is not modelled, and a second rate-limit filter on one proxy.
 */
export function compileLimits(
  resources: readonly JsonObject[],
  source: Source,
  { rootNamespace = "istio-system", direction = "outbound" }: CompileLimitsOptions = {},
): Limits {
  const context = findContext(source, direction);
  const patches = selectFilters(readEnvoyFilters(resources), source, rootNamespace)
    .flatMap((filter) => filter.patches)
    .filter((patch) => patch.context === "ANY" || patch.context === context);
  const listener = patches.flatMap((patch) => (isListener(patch, source) ? [patch] : []));
  const [filter, second] = listener.flatMap((one) => (one.kind === "filter" ? [one] : []));
  if (second !== undefined) {
    throw new MeshError("A second rate-limit filter of one proxy is not modelled", {
      code: "UNSUPPORTED",
      resource: second.resource,
      field: second.field,
    });
  }
  const limits = patches.flatMap((patch) =>
    patch.kind === "virtual-host" || patch.kind === "route" ? [patch] : [],
  );
  const replies = listener.flatMap((one) => (one.kind === "local-reply" ? [one.replies] : []));
  const config = {
    mappers: replies.flatMap(({ mappers }) => mappers),
    body_format: replies.findLast((one) => one.body_format !== undefined)?.body_format,
  };
  const reply = compileLocalReply(config);
  return {
    of: (route) =>
      filter === undefined ? undefined : compileRoute({ filter, limits, route, source, context }),
    reply,
  };
}

function findContext(source: Source, direction: "outbound" | "inbound"): PatchContext {
  if (source.kind === "gateway") return "GATEWAY";
  return direction === "inbound" ? "SIDECAR_INBOUND" : "SIDECAR_OUTBOUND";
}

/**
 * Those of the root namespace, then those of the proxy's own, each by priority, age and name
 * (`EnvoyFilters` and `sortEnvoyFilters` in istio/istio pilot/pkg/model/push_context.go).
 */
function selectFilters(
  filters: readonly LimitFilter[],
  { namespace, labels }: Source,
  rootNamespace: string,
): readonly LimitFilter[] {
  const sorted = filters
    .filter(({ selector }) => isSelected(labels, selector))
    .toSorted(
      (one, other) =>
        one.priority - other.priority ||
        compare(one.created, other.created) ||
        compare(one.name, other.name),
    );
  const root = sorted.filter((one) => one.namespace === rootNamespace);
  if (namespace === rootNamespace) return root;
  return [...root, ...sorted.filter((one) => one.namespace === namespace)];
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function isSelected(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function isListener(patch: LimitsPatch | ListenerPatch, source: Source): patch is ListenerPatch {
  if (patch.kind !== "filter" && patch.kind !== "local-reply") return false;
  if (patch.portNumber === undefined) return true;
  if (source.kind === "gateway") return patch.portNumber === source.port;
  throw new MeshError("A listener's port at a sidecar is not modelled", {
    code: "UNSUPPORTED",
    resource: patch.resource,
    field: `${patch.field}.match.listener.portNumber`,
  });
}

interface CompileRouteInput {
  readonly filter: ListenerPatch & { readonly kind: "filter" };
  readonly limits: readonly LimitsPatch[];
  readonly route: LimitedRoute;
  readonly source: Source;
  readonly context: PatchContext;
}

function compileRoute(input: CompileRouteInput): LimitRequest | undefined {
  const { filter, route, limits } = input;
  if (route.action !== "ROUTE") return undefined;
  const here = limits.filter((patch) => matchesRoute(patch, route, input.context));
  const own = here.filter(({ kind }) => kind === "route");
  const routeEntries = mergeEntries(own);
  const hostEntries = mergeEntries(here.filter(({ kind }) => kind === "virtual-host"));
  const include = own.some(({ includeVirtualHost }) => includeVirtualHost === true);
  // A virtual host's lists count for a route that has none of its own, or that includes them.
  const entries = [...routeEntries, ...(include || routeEntries.length === 0 ? hostEntries : [])];
  const builds = entries
    .filter(({ stage }) => stage === filter.filter.stage)
    .map((entry) =>
      compileEntry(entry, {
        sourceCluster: nameSourceCluster(input.source),
        virtualService: route.virtualService,
        regex: compileRegex,
      }),
    );
  return builds.length === 0 ? undefined : buildRequest(builds, buildCall(filter));
}

function buildRequest(
  builds: readonly BuildDescriptor[],
  call: Omit<LimitCall, "descriptors">,
): LimitRequest {
  return (request, cluster) => {
    const descriptors: (readonly (readonly [string, string])[])[] = [];
    for (const build of builds) {
      const descriptor = build(request, cluster);
      if (descriptor !== undefined) descriptors.push(descriptor);
    }
    return descriptors.length === 0 ? undefined : { ...call, descriptors };
  };
}

function mergeEntries(patches: readonly LimitsPatch[]): readonly RateLimitEntry[] {
  let entries: readonly RateLimitEntry[] = [];
  for (const { replace, entries: more = [] } of patches) {
    entries = replace && more.length > 0 ? more : [...entries, ...more];
  }
  return entries;
}

/** What the filter says about every call. */
function buildCall({
  filter,
  resource,
  field,
}: CompileRouteInput["filter"]): Omit<LimitCall, "descriptors"> {
  const [, port, subset, host] =
    /^outbound\|(\d+)\|([^|]*)\|([^|]+)$/.exec(
      filter.rate_limit_service.grpc_service.envoy_grpc.cluster_name,
    ) ?? [];
  if (host === undefined || subset !== "") {
    throw new MeshError(
      `Cannot tell the limiter's Service from "${filter.rate_limit_service.grpc_service.envoy_grpc.cluster_name}", wished: "outbound|<port>||<host>"`,
      { code: "UNSUPPORTED", resource, field: `${field}.patch.value.typed_config` },
    );
  }
  // Below 400 Envoy takes 429 (`toErrorCode` in ratelimit.h).
  const wished = filter.rate_limited_status?.code ?? 429;
  return {
    domain: filter.domain,
    timeoutMs: filter.timeout,
    failureModeDeny: filter.failure_mode_deny,
    xRateLimitHeaders: filter.enable_x_ratelimit_headers === "DRAFT_VERSION_03",
    limitedHeader: !filter.disable_x_envoy_ratelimited_header,
    responseHeadersToAdd: filter.response_headers_to_add,
    cluster: `${host}:${port}`,
    status: wished < 400 ? 429 : wished,
    statusOnError: filter.status_on_error?.code ?? 500,
  };
}

/**
 * `routeConfigurationMatch`, `virtualHostMatch` and `routeMatch` in istio/istio
 * pilot/pkg/networking/core/envoyfilter/rc_patch.go.
 */
function matchesRoute(patch: LimitsPatch, route: LimitedRoute, context: PatchContext): boolean {
  const { match } = patch;
  if (match === undefined) return true;
  if (!matchesTable(match, route, context)) return false;
  const { vhost } = match;
  if (vhost === undefined) return true;
  if ((vhost.name ?? "") !== "" && vhost.name !== route.virtualHost) return false;
  const domain = vhost.domainName ?? "";
  if (domain !== "" && !route.domains.includes(domain)) return false;
  // Lists of a virtual host are laid on all its routes, whatever the route part of the match says.
  if (patch.kind === "virtual-host" || vhost.route === undefined) return true;
  if ((vhost.route.name ?? "") !== "" && vhost.route.name !== route.name) return false;
  return vhost.route.action === "ANY" || vhost.route.action === route.action;
}

/** The table of a plain-text gateway is "http.80", of a caller "80", of a callee "inbound|8080||". */
function matchesTable(match: RouteMatch, { port }: LimitedRoute, context: PatchContext): boolean {
  const names: Readonly<Record<PatchContext, string>> = {
    ANY: "",
    GATEWAY: `http.${port}`,
    SIDECAR_OUTBOUND: `${port}`,
    SIDECAR_INBOUND: `inbound|${port}||`,
  };
  if ((match.name ?? "") !== "" && match.name !== names[context]) return false;
  if ((match.portNumber ?? 0) !== 0 && match.portNumber !== port) return false;
  if (context !== "GATEWAY") return true;
  // "http.80" holds neither the port's name nor the gateway's: only HTTPS tables do.
  return (match.portName ?? "") === "" && (match.gateway ?? "") === "";
}

/**
 * The name a proxy gives itself: that of its app and namespace (`getServiceCluster` in istio/istio
 * pkg/bootstrap/config.go); a pod without such a label would be called by its workload's name.
 */
function nameSourceCluster({ labels, namespace }: Source): string {
  const app =
    labels["app"] ?? labels["app.kubernetes.io/name"] ?? labels["service.istio.io/canonical-name"];
  return `${app ?? "istio-proxy"}.${namespace}`;
}
