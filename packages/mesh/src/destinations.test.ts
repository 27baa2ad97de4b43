import { describe, expect, test } from "bun:test";
import { ask, askGateway, join, to } from "./testing/ask-mesh.ts";
import { buildRouter, decide, tell, virtualService } from "./testing/build-mesh.ts";

describe("a destination", () => {
  test.each([
    ["{ host: one }", "one:80"],
    ["{ host: one.demo.svc.cluster.local }", "one:80"],
    ["{ host: one, subset: v1 }", "one:80/v1"],
    ["{ host: one, port: { number: 80 } }", "one:80"],
    // One port is taken as it is; of several the one that the request came in at.
    ["{ host: two }", "two:80"],
    ["{ host: two, port: { number: 81 } }", "two:81"],
    // No such cluster: Envoy answers 503 with the flag NC.
    ["{ host: one, subset: v9 }", "503 NC"],
    ["{ host: one, port: { number: 82 } }", "503 NC"],
    ["{ host: nobody }", "503 NC"],
    ["{ host: one.other }", "503 NC"],
  ])("%s is %s", (destination, expected) => {
    expect(tell(decide(buildRouter(`[{ route: [{ destination: ${destination} }] }]`)))).toBe(
      expected,
    );
  });

  // istiod's own tables (core.ConfigGenTest): a sidecar knows of a service's other ports only when asked for them.
  test("without a port is at the Service's only one for a gateway, at the request's for a sidecar", () => {
    const service =
      "apiVersion: v1\nkind: Service\nmetadata: { name: three, namespace: demo }\nspec: { ports: [{ port: 8080 }] }";
    const spec = 'hosts: ["*.demo.svc.cluster.local"], gateways: [front, mesh]';
    const vs = virtualService({ http: to("host: three"), spec });
    const manifests = join(vs, service);
    expect(askGateway(manifests, "x.demo.svc.cluster.local")).toBe("three:8080");
    const second = join(vs, service.replace("ports: [", "ports: [{ port: 81 }, "));
    expect(askGateway(second, "x.demo.svc.cluster.local")).toBe("503 NC");
    expect(ask(manifests, { host: "one.demo.svc.cluster.local" })).toBe("503 NC");
    expect(ask(manifests, { host: "three.demo.svc.cluster.local", port: 8080 })).toBe("three:8080");
  });

  const weighted = (weights: readonly (readonly [string, number | undefined])[]) =>
    weights
      .map(([subset, weight]) => {
        const share = weight === undefined ? "" : `, weight: ${weight}`;
        return `{ destination: { host: one, subset: ${subset} }${share} }`;
      })
      .join(", ");

  test.each([
    [
      [
        ["v1", 90],
        ["v2", 10],
      ],
      0.899,
      "one:80/v1",
    ],
    [
      [
        ["v1", 90],
        ["v2", 10],
      ],
      0.9,
      "one:80/v2",
    ],
    // Weights need not sum up to 100, and 0 gets nothing.
    [
      [
        ["v1", 1],
        ["v2", 3],
      ],
      0.24,
      "one:80/v1",
    ],
    [
      [
        ["v1", 1],
        ["v2", 3],
      ],
      0.25,
      "one:80/v2",
    ],
    [
      [
        ["v1", 0],
        ["v2", 100],
      ],
      0,
      "one:80/v2",
    ],
    [
      [
        ["v1", undefined],
        ["v2", 5],
      ],
      0,
      "one:80/v2",
    ],
    [[["v1", 0]], 0.5, "one:80/v1"],
  ] as const)("%j at %p is %s", (weights, random, expected) => {
    const router = buildRouter(`[{ route: [${weighted(weights)}] }]`);
    expect(tell(decide(router, {}, () => random))).toBe(expected);
  });
});
