import { describe, expect, test } from "bun:test";
import {
  buildMesh,
  buildRouter,
  decide,
  GATEWAY,
  tell,
  virtualService,
} from "./testing/build-mesh.ts";

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

  test("without a port is at the Service's only one", () => {
    const service =
      "apiVersion: v1\nkind: Service\nmetadata: { name: three, namespace: demo }\nspec: { ports: [{ port: 8080 }] }";
    const manifests = `${virtualService({ http: "[{ route: [{ destination: { host: three } }] }]" })}\n---\n${service}`;
    expect(tell(decide(buildMesh(manifests).router(GATEWAY)))).toBe("three:8080");
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
