import type { StringMatch } from "../schema/values.ts";
import type {
  HeadersSpec,
  MatchSpec,
  OperationsSpec,
  RouteSpec,
} from "../schema/virtual-service.ts";
import { checkDuration } from "./check-duration.ts";
import {
  checkLabels,
  findWrongGateway,
  isDnsLabel,
  isHeaderName,
  isWildcardDomain,
  type Refuse,
} from "./names.ts";

const PSEUDO_HEADERS = new Set([":method", ":scheme", ":authority", ":path", ":status"]);
const CORS_METHODS = new Set("GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE *".split(" "));
const MAX_REGEX_BYTES = 1024;
const MAX_BODY_BYTES = 1024 * 1024;

/** Refuses values of a route that Istio's webhook refuses (virtualservice.go, `validateHTTPRoute`). */
export function checkRouteValues(route: RouteSpec, field: string, refuse: Refuse): void {
  (route.match ?? []).forEach((match, i) => {
    checkMatch(match, `${field}.match[${i}]`, refuse);
  });
  checkHeaders(route.headers, `${field}.headers`, refuse);
  checkAuthority(route, field, refuse);
  checkAnswer(route, field, refuse);
  checkCors(route.corsPolicy, `${field}.corsPolicy`, refuse);
  checkFault(route.fault, `${field}.fault`, refuse);
  checkDuration(route.timeout, `${field}.timeout`, refuse);
  (route.route ?? []).forEach(({ destination, headers }, i) => {
    checkDestination(destination, `${field}.route[${i}].destination`, refuse);
    checkHeaders(headers, `${field}.route[${i}].headers`, refuse);
  });
  checkDestination(route.mirror, `${field}.mirror`, refuse);
  (route.mirrors ?? []).forEach(({ destination }, i) => {
    checkDestination(destination, `${field}.mirrors[${i}].destination`, refuse);
  });
}

function checkMatch(match: MatchSpec, field: string, refuse: Refuse): void {
  for (const name of ["headers", "withoutHeaders"] as const) {
    for (const [header, value] of Object.entries(match[name] ?? {})) {
      const at = `${field}.${name}.${header}`;
      // Claims of a token have a form of their own, and are not modelled.
      const isName = isHeaderName(header) || PSEUDO_HEADERS.has(header) || header.startsWith("@");
      if (!isName) refuse(`"${header}" is no name of a header`, at);
      // Istio takes it for "is not there" in withoutHeaders alone (istio#20629).
      if (name === "headers" || value.regex !== "*") checkText(value, at, refuse);
    }
  }
  for (const [name, value] of Object.entries(match.queryParams ?? {})) {
    checkText(value, `${field}.queryParams.${name}`, refuse);
  }
  for (const name of ["uri", "scheme", "method", "authority"] as const) {
    checkText(match[name], `${field}.${name}`, refuse);
  }
  checkLabels(match.sourceLabels, `${field}.sourceLabels`, refuse);
  const { gateways = [], sourceNamespace = "" } = match;
  const wrong = findWrongGateway(gateways);
  if (wrong >= 0) refuse(`"${gateways[wrong]}" is no gateway`, `${field}.gateways[${wrong}]`);
  if (sourceNamespace !== "" && !isDnsLabel(sourceNamespace)) {
    refuse(`"${sourceNamespace}" is no namespace`, `${field}.sourceNamespace`);
  }
}

function checkText(match: StringMatch | undefined, field: string, refuse: Refuse): void {
  const { regex } = match ?? {};
  if (regex === "*") refuse("Nothing to repeat in *", `${field}.regex`);
  if (regex !== undefined) checkLength(regex, `${field}.regex`, refuse);
}

function checkLength(regex: string, field: string, refuse: Refuse): void {
  if (Buffer.byteLength(regex) > MAX_REGEX_BYTES) {
    refuse(`Expected ${MAX_REGEX_BYTES} bytes at most`, field);
  }
}

function checkHeaders(headers: HeadersSpec | undefined, field: string, refuse: Refuse): void {
  checkOperations(headers?.request, { field: `${field}.request`, isRequest: true }, refuse);
  checkOperations(headers?.response, { field: `${field}.response`, isRequest: false }, refuse);
}

/** Only `set` and `add` of a request may name the authority; nobody else a header of HTTP/2. */
function checkOperations(
  operations: OperationsSpec | undefined,
  { field, isRequest }: { field: string; isRequest: boolean },
  refuse: Refuse,
): void {
  const { set = {}, add = {}, remove = [] } = operations ?? {};
  const check = (name: string, at: string, mayBeAuthority: boolean) => {
    if (mayBeAuthority && isAuthority(name)) return;
    if (isAuthority(name) || name.startsWith(":")) refuse(`"${name}" cannot be changed`, at);
  };
  for (const name of Object.keys(set)) check(name, `${field}.set.${name}`, isRequest);
  for (const name of Object.keys(add)) check(name, `${field}.add.${name}`, isRequest);
  remove.forEach((name, i) => {
    check(name, `${field}.remove[${i}]`, false);
  });
}

function isAuthority(name: string): boolean {
  return /^(?:host|:authority)$/i.test(name);
}

function checkAuthority({ rewrite, headers }: RouteSpec, field: string, refuse: Refuse): void {
  const { set = {}, add = {} } = headers?.request ?? {};
  let current = rewrite?.authority ?? "";
  for (const text of [set, add].flatMap(listAuthorities)) {
    if (current !== "") refuse("The authority is set more than once", `${field}.headers.request`);
    current = text;
  }
}

function listAuthorities(map: Readonly<Record<string, string>>): string[] {
  return Object.entries(map).flatMap(([name, value]) => (isAuthority(name) ? [value] : []));
}

/** What is sent back, or on in another form. */
function checkAnswer(
  { redirect, directResponse, rewrite }: RouteSpec,
  field: string,
  refuse: Refuse,
): void {
  if (redirect !== undefined) {
    const { uri, authority, scheme, port, derivePort } = redirect;
    if (!uri && !authority && !scheme && port === undefined && derivePort === undefined) {
      refuse("Expected uri, authority, scheme or a port", `${field}.redirect`);
    }
    if (scheme && scheme !== "http" && scheme !== "https") {
      refuse("Expected http or https", `${field}.redirect.scheme`);
    }
    if (port !== undefined && derivePort !== undefined) {
      refuse("Expected port or derivePort", `${field}.redirect`);
    }
  }
  const { string, bytes } = directResponse?.body ?? {};
  if (string !== undefined && bytes !== undefined) {
    refuse("Expected string or bytes", `${field}.directResponse.body`);
  }
  if (Buffer.byteLength(string ?? "") > MAX_BODY_BYTES) {
    refuse(`Expected ${MAX_BODY_BYTES} bytes at most`, `${field}.directResponse.body.string`);
  }
  if (rewrite === undefined) return;
  const { uri, authority, uriRegexRewrite } = rewrite;
  if (!uri && !authority && uriRegexRewrite === undefined) {
    refuse("Expected uri, uriRegexRewrite or authority", `${field}.rewrite`);
  }
  if (uriRegexRewrite === undefined) return;
  if (uriRegexRewrite.rewrite === "") {
    refuse("Expected a text", `${field}.rewrite.uriRegexRewrite.rewrite`);
  }
  checkLength(uriRegexRewrite.match, `${field}.rewrite.uriRegexRewrite.match`, refuse);
}

function checkCors(cors: RouteSpec["corsPolicy"], field: string, refuse: Refuse): void {
  const { allowOrigins = [], allowMethods = [], maxAge } = cors ?? {};
  allowOrigins.forEach((origin, i) => {
    if (!Object.values(origin).some(Boolean))
      refuse("Expected a text", `${field}.allowOrigins[${i}]`);
    checkText(origin, `${field}.allowOrigins[${i}]`, refuse);
  });
  allowMethods.forEach((method, i) => {
    if (!CORS_METHODS.has(method))
      refuse(`"${method}" is no method`, `${field}.allowMethods[${i}]`);
  });
  for (const list of ["allowHeaders", "exposeHeaders"] as const) {
    (cors?.[list] ?? []).forEach((name, i) => {
      if (!isHeaderName(name)) refuse(`"${name}" is no name of a header`, `${field}.${list}[${i}]`);
    });
  }
  checkDuration(maxAge, `${field}.maxAge`, refuse);
  if ((maxAge ?? 0) % 1000 !== 0) refuse("Expected whole seconds", `${field}.maxAge`);
}

function checkFault(fault: RouteSpec["fault"], field: string, refuse: Refuse): void {
  if (fault === undefined) return;
  const { delay, abort } = fault;
  if (delay === undefined && abort === undefined) refuse("Expected a delay or an abort", field);
  checkDuration(delay?.fixedDelay, `${field}.delay.fixedDelay`, refuse);
  for (const [name, part] of Object.entries({ delay, abort })) {
    const value = part?.percentage?.value ?? 0;
    if (value > 0 && value < 0.0001)
      refuse("Expected 0 or 0.0001 at least", `${field}.${name}.percentage`);
  }
}

function checkDestination(destination: RouteSpec["mirror"], field: string, refuse: Refuse): void {
  if (destination === undefined) return;
  const { host, subset } = destination;
  if (host === "*" || !isWildcardDomain(host)) refuse(`"${host}" is no host`, `${field}.host`);
  if (subset !== undefined && !isDnsLabel(subset)) {
    refuse(`"${subset}" is no name of a subset`, `${field}.subset`);
  }
}
