import { MeshError } from "../errors.ts";
import type {
  RedirectSpec,
  RetrySpec,
  RouteSpec,
  WeightedSpec,
} from "../schema/virtual-service.ts";
import type { HeaderOps, Retries } from "../types.ts";
import { lookUpCluster } from "./clusters.ts";
import { concat, NO_OPS, type TranslatedHeaders, translateHeaders } from "./header-ops.ts";
import type {
  Action,
  Cluster,
  DirectAction,
  ForwardAction,
  MirrorCluster,
  PathMatch,
  PathRewrite,
  RedirectAction,
} from "./route-table.ts";
import type { PlacedRoute, RouteContext } from "./routes.ts";

export interface ActionOptions {
  readonly context: RouteContext;
  readonly path: PathMatch;
  /** The route's own. */
  readonly headers: TranslatedHeaders;
}

export interface TranslatedAction {
  readonly action: Action;
  readonly request: HeaderOps;
  readonly response: HeaderOps;
}

/** Istio: TranslateRoute's redirect, directResponse, or applyHTTPRouteDestination, in that order. */
export function translateAction(one: PlacedRoute, options: ActionOptions): TranslatedAction {
  const { spec } = one;
  const { request, response } = options.headers;
  if (spec.redirect !== undefined) {
    return { action: translateRedirect(spec.redirect, options.context), request, response };
  }
  if (spec.directResponse !== undefined) {
    return { action: translateDirect(one), request, response };
  }
  return translateForward(one, options);
}

function translateForward(one: PlacedRoute, options: ActionOptions): TranslatedAction {
  const { spec, field } = one;
  const { context, headers } = options;
  const weighted = (spec.route ?? []).map((item, index) =>
    translateWeighted(item, { one, context, field: `${field}.route[${index}]` }),
  );
  const only = weighted.length === 1 ? weighted[0] : undefined;
  const action: ForwardAction = {
    kind: "forward",
    clusters:
      only === undefined
        ? weighted.filter(({ weight }) => weight > 0)
        : [{ ...only, weight: 1, request: NO_OPS, response: NO_OPS, authority: undefined }],
    mirrors: translateMirrors(one, context),
    timeoutMs: spec.timeout || undefined,
    retries: translateRetries(spec.retries),
    rewrite: translateRewrite(spec),
    authority: spec.rewrite?.authority || headers.authority || only?.authority,
  };
  return {
    action,
    request: only ? concat(headers.request, only.request) : headers.request,
    response: only ? concat(headers.response, only.response) : headers.response,
  };
}

interface WeightedOptions {
  readonly one: PlacedRoute;
  readonly context: RouteContext;
  readonly field: string;
}

function translateWeighted(
  { destination, weight, headers }: WeightedSpec,
  { one, context, field }: WeightedOptions,
): Cluster {
  const named = lookUpCluster(context, destination, context);
  const place = { resource: one.resource, field: `${field}.headers` };
  return { ...named, weight: weight ?? 0, ...translateHeaders(headers, place) };
}

/** Istio: MirrorPercent and MirrorPercentByPolicy: 100 % when absent. */
function translateMirrors({ spec }: PlacedRoute, context: RouteContext): MirrorCluster[] {
  const old =
    spec.mirror === undefined
      ? []
      : [{ destination: spec.mirror, percentage: spec.mirrorPercentage }];
  return [...old, ...(spec.mirrors ?? [])].map(({ destination, percentage }) => ({
    ...lookUpCluster(context, destination, context),
    percent: percentage?.value ?? 100,
  }));
}

/** Istio: applyHTTPRouteDestination; an empty uri rewrites nothing. */
function translateRewrite({ rewrite }: RouteSpec): PathRewrite | undefined {
  const regex = rewrite?.uriRegexRewrite;
  if (regex !== undefined) {
    return { kind: "regex", match: regex.match, substitution: regex.rewrite };
  }
  const uri = rewrite?.uri ?? "";
  return uri === "" ? undefined : { kind: "prefix", value: uri };
}

/** Istio's defaults: pilot/pkg/networking/core/route/retry/retry.go, DefaultPolicy. */
export const DEFAULT_RETRIES: Retries = {
  attempts: 2,
  retryOn: ["connect-failure", "refused-stream", "unavailable", "cancelled"],
};

/** Istio: ConvertPolicy in the same file. */
function translateRetries(spec: RetrySpec | undefined): Retries | undefined {
  if (spec === undefined) return DEFAULT_RETRIES;
  if (spec.attempts === 0) return undefined;
  return {
    attempts: spec.attempts,
    ...(spec.perTryTimeout === undefined ? {} : { perTryTimeoutMs: spec.perTryTimeout }),
    retryOn: spec.retryOn ? spec.retryOn.split(",") : DEFAULT_RETRIES.retryOn,
  };
}

/** Istio: ApplyRedirect. */
function translateRedirect(spec: RedirectSpec, { listenPort, tls }: RouteContext): RedirectAction {
  const derived = spec.derivePort === "FROM_REQUEST_PORT" ? listenPort : undefined;
  const port = spec.port ?? derived;
  const scheme = spec.scheme || (tls ? "https" : "http");
  const isDefault = (port === 80 && scheme === "http") || (port === 443 && scheme === "https");
  return {
    kind: "redirect",
    status: spec.redirectCode || 301,
    scheme: spec.scheme || undefined,
    authority: spec.authority || undefined,
    port: isDefault ? undefined : port,
    path: spec.uri || undefined,
  };
}

/** Istio: ApplyDirectResponse. */
function translateDirect({ spec, resource, field }: PlacedRoute): DirectAction {
  const { status = 404, body } = spec.directResponse ?? {};
  const place = { resource, field: `${field}.directResponse.body.bytes` };
  const text = body?.bytes === undefined ? undefined : readText(body.bytes, place);
  return { kind: "direct", status, body: body?.string ?? text };
}

/** What base64 stands for; UNSUPPORTED where that is no text. */
function readText(base64: string, place: { readonly resource: string; readonly field: string }) {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const message = "An answer that is not UTF-8 is not modelled";
    throw new MeshError(message, { code: "UNSUPPORTED", ...place, cause });
  }
}
