import { describe, expect, test } from "bun:test";
import { readManifests } from "../read-manifests.ts";
import { buildGatewaySource, buildRequest } from "../testing/requests.ts";
import type { JsonObject, Source } from "../types.ts";
import { type CompileLimitsOptions, compileLimits, type LimitedRoute } from "./compile-limits.ts";

const ROUTE: LimitedRoute = {
  virtualHost: "*:80",
  domains: ["*"],
  name: "app",
  action: "ROUTE",
  virtualService: "hookline/app",
  port: 80,
};
const CLUSTER = "outbound|80|v1|app.hookline.svc.cluster.local";
const gateway = buildGatewaySource("hookline");

/** The rate-limit filter as components/ratelimit has it. */
const FILTER = `
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

function filter(name: string, patches: string, head = ""): string {
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

const lists = (value: string, more = "applyTo: VIRTUAL_HOST\n  match: { context: GATEWAY }") => `
- ${more}
  patch: { operation: MERGE, value: ${value} }`;
const vhost = (match: string, actions: string) =>
  lists(
    `{ rate_limits: [{ actions: [${actions}] }] }`,
    `applyTo: VIRTUAL_HOST\n  match: { context: GATEWAY, routeConfiguration: ${match} }`,
  );
const key = (value: string) => `{ generic_key: { descriptor_value: ${value} } }`;

function ask(
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

const golden = new URL("../../../../gitops/golden/", import.meta.url).pathname;

describe("the gateway of production", async () => {
  const resources = readManifests(await Bun.file(`${golden}production.yaml`).text());

  test("asks for everybody and for the address of who does not say who he is", () => {
    expect(ask(resources)).toEqual({
      domain: "hookline",
      descriptors: [
        [["generic_key", "global"]],
        [
          ["client", "anonymous"],
          ["remote_address", "192.0.2.1"],
        ],
      ],
      timeoutMs: 100,
      failureModeDeny: false,
      xRateLimitHeaders: true,
      limitedHeader: true,
      responseHeadersToAdd: [
        { name: "retry-after", value: "60", action: "OVERWRITE_IF_EXISTS_OR_ADD" },
      ],
      cluster: "ratelimit.hookline.svc.cluster.local:8081",
      status: 429,
      statusOnError: 500,
    });
  });

  test("asks for everybody and for who says who he is", () => {
    const request = { headers: { authorization: "Bearer x" } };
    expect(ask(resources, { request })?.descriptors).toEqual([
      [["generic_key", "global"]],
      [["authorization", "Bearer x"]],
    ]);
  });

  test.each(["REDIRECT", "DIRECT_RESPONSE"] as const)("asks nobody for a %s", (action) => {
    expect(ask(resources, { route: { action } })).toBeUndefined();
  });

  test.each<[string, Source]>([
    ["another gateway", { ...gateway, labels: { istio: "other" } }],
    ["another namespace", { ...gateway, namespace: "other" }],
    ["a workload", { kind: "workload", namespace: "hookline", labels: {} }],
  ])("is not %s", (_, source) => {
    expect(ask(resources, { source })).toBeUndefined();
  });
});

describe("which lists stand on a route", () => {
  const asked = (patches: string, route: Partial<LimitedRoute> = {}) =>
    ask(filter("a", FILTER + patches), { route })?.descriptors.map(([entry]) => entry?.[1]);

  test.each<[string, string, string[] | undefined]>([
    ["any virtual host", vhost('{ vhost: { name: "" } }', key("x")), ["x"]],
    ["the one of the name", vhost('{ vhost: { name: "*:80" } }', key("x")), ["x"]],
    ["another one", vhost('{ vhost: { name: "*" } }', key("x")), undefined],
    ["the one of the domain", vhost('{ vhost: { domainName: "*" } }', key("x")), ["x"]],
    ["another domain", vhost('{ vhost: { domainName: "a.com" } }', key("x")), undefined],
    ["the port", vhost("{ portNumber: 80 }", key("x")), ["x"]],
    ["another port", vhost("{ portNumber: 8080 }", key("x")), undefined],
    ["the table", vhost("{ name: http.80 }", key("x")), ["x"]],
    [
      "a gateway's name, which only HTTPS tables hold",
      vhost("{ gateway: hookline/hookline }", key("x")),
      undefined,
    ],
    ["several patches", vhost("{}", key("x")) + vhost("{}", key("y")), ["x", "y"]],
  ])("%s", (_, patches, expected) => {
    expect(asked(patches)).toEqual(expected);
  });

  const route = (match: string, value: string) =>
    lists(
      value,
      `applyTo: HTTP_ROUTE\n  match: { context: GATEWAY, routeConfiguration: { vhost: { route: ${match} } } }`,
    );
  const own = `{ route: { rate_limits: [{ actions: [${key("own")}] }] } }`;
  const including = own.replace("rate_limits", "include_vh_rate_limits: true, rate_limits");

  test.each<[string, string, string[] | undefined]>([
    ["a route's own instead of the host's", route("{ name: app }", own), ["own"]],
    ["both when it includes the host's", route("{ name: app }", including), ["own", "host"]],
    ["the host's for a route of another name", route("{ name: other }", own), ["host"]],
    ["by what the route does", route("{ action: ROUTE }", own), ["own"]],
    ["not by what it does not do", route("{ action: REDIRECT }", own), ["host"]],
  ])("%s", (_, patches, expected) => {
    expect(asked(vhost("{}", key("host")) + patches)).toEqual(expected);
  });

  test("only those of the filter's stage", () => {
    const stages = lists(
      `{ rate_limits: [{ stage: 1, actions: [${key("one")}] }, { actions: [${key("zero")}] }] }`,
    );
    expect(asked(stages)).toEqual(["zero"]);
    const first = FILTER.replace("domain: d", "domain: d\n        stage: 1");
    expect(ask(filter("a", first + stages))?.descriptors).toEqual([[["generic_key", "one"]]]);
  });

  test("a patch may stand instead of those before it", () => {
    const replaced = vhost("{}", key("y")).replace("MERGE", "MERGE_AND_REPLACE_LIST");
    expect(asked(vhost("{}", key("x")) + replaced)).toEqual(["y"]);
  });

  test("the root namespace before its own, each by priority and name", () => {
    const named = (name: string, head: string) =>
      filter(name, vhost("{}", key(name)), head).replaceAll("\n    \n", "\n");
    const text =
      filter("z", FILTER) +
      named("b", "priority: 0") +
      named("a", "priority: 0") +
      named("first", "priority: -1") +
      named("root", "priority: 5").replace("namespace: hookline", "namespace: istio-system");
    expect(ask(text)?.descriptors.map(([entry]) => entry?.[1])).toEqual([
      "root",
      "first",
      "a",
      "b",
    ]);
  });

  test("a sidecar's, on its way out and in", () => {
    const sidecar = (context: string) =>
      filter(
        "a",
        (FILTER + vhost("{}", key("x"))).replaceAll("context: GATEWAY", `context: ${context}`),
        "priority: 0",
      );
    const source = { kind: "workload", namespace: "hookline", labels: {} } as const;
    const on = (context: string, direction: "inbound" | "outbound") =>
      ask(sidecar(context), { source, options: { direction } })?.descriptors;
    expect(on("SIDECAR_OUTBOUND", "outbound")).toEqual([[["generic_key", "x"]]]);
    expect(on("SIDECAR_INBOUND", "inbound")).toEqual([[["generic_key", "x"]]]);
    expect(on("SIDECAR_INBOUND", "outbound")).toBeUndefined();
    expect(on("ANY", "outbound")).toEqual([[["generic_key", "x"]]]);
  });
});

describe("the filter", () => {
  const withFields = (fields: string) =>
    ask(
      filter(
        "a",
        FILTER.replace("domain: d", `domain: d\n        ${fields}`) + vhost("{}", key("x")),
      ),
    );

  test("has Envoy's defaults", () => {
    expect(withFields("stat_prefix: x")).toMatchObject({
      timeoutMs: 20,
      failureModeDeny: false,
      xRateLimitHeaders: false,
      limitedHeader: true,
      responseHeadersToAdd: [],
      status: 429,
      statusOnError: 500,
    });
  });

  test.each([
    ["failure_mode_deny: true", { failureModeDeny: true }],
    ["failureModeDeny: true", { failureModeDeny: true }],
    ["timeout: 1.5s", { timeoutMs: 1500 }],
    ["disable_x_envoy_ratelimited_header: true", { limitedHeader: false }],
    ["rate_limited_status: { code: 503 }", { status: 503 }],
    ["rate_limited_status: { code: ServiceUnavailable }", { status: 503 }],
    ["rate_limited_status: { code: 200 }", { status: 429 }],
    ["status_on_error: { code: 503 }", { statusOnError: 503 }],
    [
      "response_headers_to_add: [{ header: { key: A, value: 100%% } }]",
      { responseHeadersToAdd: [{ name: "a", value: "100%", action: "APPEND_IF_EXISTS_OR_ADD" }] },
    ],
    [
      "response_headers_to_add: [{ append: false, header: { key: a, value: b } }]",
      { responseHeadersToAdd: [{ name: "a", value: "b", action: "OVERWRITE_IF_EXISTS_OR_ADD" }] },
    ],
  ])("%s", (fields, expected) => {
    expect(withFields(fields)).toMatchObject(expected);
  });
});

describe("compileLimits() refuses", () => {
  const LUA = FILTER.replaceAll("envoy.filters.http.ratelimit\n", "envoy.filters.http.lua\n");
  test.each([
    ["another filter", LUA, "UNSUPPORTED", 'filter "envoy.filters.http.lua"'],
    [
      "a local limit",
      FILTER.replace("envoy.filters.http.ratelimit\n", "envoy.filters.http.local_ratelimit\n"),
      "UNSUPPORTED",
      '"envoy.filters.http.local_ratelimit" is not modelled',
    ],
    [
      "another place",
      FILTER.replace("INSERT_BEFORE", "INSERT_FIRST"),
      "UNSUPPORTED",
      "INSERT_FIRST",
    ],
    [
      "an unknown field of the filter",
      FILTER.replace("domain: d", "domain: d\n        filter_enabled: {}"),
      "UNSUPPORTED",
      "typed_config.filter_enabled",
    ],
    ["no domain", FILTER.replace("domain: d", 'domain: ""'), "INVALID", "typed_config.domain"],
    ["a second filter", FILTER + FILTER, "UNSUPPORTED", "configPatches[1]"],
    ["another object", lists("{}", "applyTo: CLUSTER"), "UNSUPPORTED", "CLUSTER"],
    ["another field of a host", lists("{ cors: {} }"), "UNSUPPORTED", "value.cors"],
    ["a new host", lists("{}").replace("MERGE", "ADD"), "UNSUPPORTED", "ADD is not modelled"],
    ["no action", lists("{ rate_limits: [{ actions: [] }] }"), "INVALID", "rate_limits[0].actions"],
    [
      "an unknown action",
      lists("{ rate_limits: [{ actions: [{ jwt: {} }] }] }"),
      "UNSUPPORTED",
      "jwt",
    ],
    [
      "a pattern that RE2 refuses",
      lists(
        "{ rate_limits: [{ actions: [{ header_value_match: { descriptor_value: x, headers: [{ name: a, safe_regex_match: { regex: '(?=a)' } }] } }] }] }",
      ),
      "INVALID",
      "safe_regex_match.regex",
    ],
    [
      "two kinds in an action",
      lists("{ rate_limits: [{ actions: [{ remote_address: {}, source_cluster: {} }] }] }"),
      "INVALID",
      "exactly one kind of action",
    ],
    [
      "a header's command",
      FILTER.replace(
        "domain: d",
        "domain: d\n        response_headers_to_add: [{ header: { key: a, value: '%REQ(b)%' } }]",
      ),
      "INVALID",
      "Commands like %THIS%",
    ],
  ])("%s", (_, patches, code, message) => {
    expect(() => ask(filter("a", patches))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test("a cluster that is no Service", () => {
    const text = (FILTER + vhost("{}", key("x"))).replace("outbound|8081||", "");
    expect(() => ask(filter("a", text))).toThrow(
      "EnvoyFilter/hookline/a spec.configPatches[0].patch.value.typed_config: Cannot tell the limiter's Service",
    );
  });
});
