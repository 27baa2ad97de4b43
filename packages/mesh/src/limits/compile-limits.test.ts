import { describe, expect, test } from "bun:test";
import { readManifests } from "../read-manifests.ts";
import { ask, FILTER, filter, gateway, key, lists, vhost } from "../testing/limit-filters.ts";
import type { Source } from "../types.ts";
import type { LimitedRoute } from "./compile-limits.ts";

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
