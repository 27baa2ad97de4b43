import { MeshError } from "../errors.ts";
import type { Resource } from "../resource.ts";
import type { JsonObject } from "../types.ts";
import type {
  BackendObject,
  HeaderModifier,
  HttpRouteFilter,
  HttpRouteMatch,
  HttpRouteRule,
  HttpRouteSpec,
  NamedMatch,
  PathModifier,
  RequestRedirect,
} from "./schema.ts";

type HttpRoute = Resource<HttpRouteSpec>;

/** One match of a rule as routes of a VirtualService, with what its precedence is made of. */
export interface TranslatedMatch {
  readonly match: HttpRouteMatch;
  readonly routes: readonly JsonObject[];
}

interface Place {
  readonly resource: string;
  readonly namespace: string;
  readonly field: string;
}

/** The rules of an HTTPRoute, match by match, in their order (`convertHTTPRoute` in istio/istio pilot/pkg/config/kube/gateway/conversion.go). */
export function translateRules({
  id,
  namespace,
  name,
  spec,
}: HttpRoute): readonly TranslatedMatch[] {
  return spec.rules.flatMap((rule, index) => {
    const place = { resource: id, namespace, field: `spec.rules[${index}]` };
    const action = translateAction(rule, place);
    const named = { name: rule.name ?? `${namespace}.${name}.${index}` };
    return rule.matches.map((match) => ({
      match,
      routes: splitPath(match, rule, place).map(({ uris, more }) => ({
        ...named,
        match: uris.map((uri) => ({ uri, ...translateMatch(match) })),
        ...action,
        // What answers itself has nothing to rewrite.
        ...("route" in action ? more : {}),
      })),
    }));
  });
}

function translateMatch({ headers, queryParams, method }: HttpRouteMatch): JsonObject {
  return {
    ...(method === undefined ? {} : { method: { exact: method } }),
    ...(headers.length === 0 ? {} : { headers: translateNamed(headers, true) }),
    ...(queryParams.length === 0 ? {} : { queryParams: translateNamed(queryParams, false) }),
  };
}

/** Of two entries of one name the first counts. */
function translateNamed(matches: readonly NamedMatch[], ignoreCase: boolean): JsonObject {
  return Object.fromEntries(
    matches
      .map(({ type, name, value }) => {
        const way = type === "Exact" ? "exact" : "regex";
        return [ignoreCase ? name.toLowerCase() : name, { [way]: value }] as const;
      })
      .toReversed(),
  );
}

/**
 * A path prefix counts whole segments: "/a" takes "/a" and "/a/b", not "/ab". A VirtualService has
 * prefixes of text only, so that it becomes the path and the prefix "/a/"; where the prefix is to
 * be replaced, the two need different texts and become two routes.
 */
function splitPath(
  { path }: HttpRouteMatch,
  { filters }: HttpRouteRule,
  place: Place,
): readonly { readonly uris: readonly JsonObject[]; readonly more: JsonObject }[] {
  const rewrite = filters.find((filter) => filter.type === "URLRewrite")?.urlRewrite;
  const authority = rewrite?.hostname === undefined ? {} : { authority: rewrite.hostname };
  const build = (uri: JsonObject) => {
    const all = { ...authority, ...uri };
    return Object.keys(all).length === 0 ? {} : { rewrite: all };
  };
  const modifier = rewrite?.path;
  if (modifier?.type === "ReplacePrefixMatch") {
    if (path.type !== "PathPrefix") {
      return refuse("ReplacePrefixMatch needs a match of PathPrefix", place, "INVALID");
    }
    const wished = modifier.replacePrefixMatch.replace(/\/$/, "");
    const value = path.value.replace(/\/$/, "");
    const whole = { uris: [{ exact: value }], more: build({ uri: wished === "" ? "/" : wished }) };
    const below = { uris: [{ prefix: `${value}/` }], more: build({ uri: `${wished}/` }) };
    return value === "" ? [below] : [whole, below];
  }
  const more = build(modifier === undefined ? {} : replaceFullPath(modifier));
  if (path.type === "Exact") return [{ uris: [{ exact: path.value }], more }];
  if (path.type === "RegularExpression") return [{ uris: [{ regex: path.value }], more }];
  const value = path.value.replace(/\/$/, "");
  const uris = value === "" ? [{ prefix: "/" }] : [{ exact: value }, { prefix: `${value}/` }];
  return [{ uris, more }];
}

function replaceFullPath(modifier: PathModifier): JsonObject {
  if (modifier.type !== "ReplaceFullPath") return {};
  // In the replacement a backslash would name a group.
  const rewrite = modifier.replaceFullPath.replaceAll("\\", "\\\\");
  return { uriRegexRewrite: { match: "/.*", rewrite } };
}

function refuse(
  message: string,
  { resource, field }: Place,
  code: "INVALID" | "UNSUPPORTED",
): never {
  throw new MeshError(message, { code, resource, field });
}

/** Everything of a rule but its match and its rewritten path. */
function translateAction(rule: HttpRouteRule, place: Place): JsonObject {
  const { filters, backendRefs } = rule;
  const redirect = filters.find((filter) => filter.type === "RequestRedirect");
  const headers = translateHeaders(filters);
  if (redirect !== undefined) {
    return { ...headers, redirect: translateRedirect(redirect.requestRedirect, place) };
  }
  const backends = backendRefs.filter(({ weight }) => weight > 0);
  // Without a backend the answer is 500 (HTTPRouteRule.backendRefs).
  if (backends.length === 0) return { ...headers, directResponse: { status: 500 } };
  const mirrors = filters.flatMap((filter) =>
    filter.type === "RequestMirror" ? [filter.requestMirror] : [],
  );
  return {
    ...headers,
    route: backends.map((backend) => ({
      destination: translateBackend(backend, place),
      ...(backends.length === 1 ? {} : { weight: backend.weight }),
      ...translateHeaders(backend.filters),
    })),
    ...(mirrors.length === 0
      ? {}
      : {
          mirrors: mirrors.map(({ backendRef, percent, fraction }) => {
            const part =
              fraction === undefined
                ? (percent ?? 100)
                : (100 * fraction.numerator) / fraction.denominator;
            return {
              destination: translateBackend(backendRef, place),
              percentage: { value: part },
            };
          }),
        }),
    ...translateTimes(rule),
  };
}

function translateHeaders(filters: readonly HttpRouteFilter[]): JsonObject {
  const request = filters.find((filter) => filter.type === "RequestHeaderModifier");
  const response = filters.find((filter) => filter.type === "ResponseHeaderModifier");
  if (request === undefined && response === undefined) return {};
  return {
    headers: {
      ...(request === undefined
        ? {}
        : { request: translateModifier(request.requestHeaderModifier) }),
      ...(response === undefined
        ? {}
        : { response: translateModifier(response.responseHeaderModifier) }),
    },
  };
}

function translateModifier({ set = [], add = [], remove }: HeaderModifier): JsonObject {
  const map = (list: readonly { readonly name: string; readonly value: string }[]) =>
    Object.fromEntries(list.map(({ name, value }) => [name, value] as const).toReversed());
  return {
    ...(set.length === 0 ? {} : { set: map(set) }),
    ...(add.length === 0 ? {} : { add: map(add) }),
    ...(remove === undefined ? {} : { remove }),
  };
}

/** The port of a redirect: the one given, else the scheme's own, else the request's. */
function translateRedirect(redirect: RequestRedirect, place: Place): JsonObject {
  const { scheme, hostname, path, port, statusCode } = redirect;
  if (path?.type === "ReplacePrefixMatch") {
    return refuse("A redirect that replaces a prefix is not modelled", place, "UNSUPPORTED");
  }
  const derived = scheme === undefined ? "FROM_REQUEST_PORT" : "FROM_PROTOCOL_DEFAULT";
  return {
    redirectCode: statusCode,
    ...(scheme === undefined ? {} : { scheme }),
    ...(hostname === undefined ? {} : { authority: hostname }),
    ...(path === undefined ? {} : { uri: path.replaceFullPath }),
    ...(port === undefined ? { derivePort: derived } : { port }),
  };
}

function translateBackend(
  backend: BackendObject,
  { resource, namespace, field }: Place,
): JsonObject {
  const owner = backend.namespace ?? namespace;
  if (owner !== namespace) {
    throw new MeshError("A backend of another namespace, by a ReferenceGrant, is not modelled", {
      code: "UNSUPPORTED",
      resource,
      field: `${field}.backendRefs`,
    });
  }
  const host = `${backend.name}.${owner}.svc.cluster.local`;
  return { host, port: { number: backend.port } };
}

/** Without a stanza of retries the time of one try is the time of all; 0 is no limit. */
function translateTimes({ timeouts, retry }: HttpRouteRule): JsonObject {
  const limited = (text: string | undefined) =>
    text === undefined || /^(0+(h|m|s|ms))+$/.test(text) ? undefined : text;
  const request = limited(timeouts.request);
  const one = limited(timeouts.backendRequest);
  const timeout = retry === undefined ? (one ?? request) : request;
  const retryOn = ["connect-failure", "refused-stream", "unavailable", "cancelled"];
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(retry === undefined
      ? {}
      : {
          retries: {
            attempts: retry.attempts,
            ...(retry.attempts === 0 ? {} : { retryOn: [...retryOn, ...retry.codes].join(",") }),
            ...(retry.attempts === 0 || one === undefined ? {} : { perTryTimeout: one }),
          },
        }),
  };
}
