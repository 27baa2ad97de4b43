import { describe, expect, test } from "bun:test";
import { createMesh } from "./create-mesh.ts";
import { readManifests } from "./read-manifests.ts";
import { readCanaryWeights } from "./testing/canary-weights.ts";
import { buildGatewaySource, buildRequest } from "./testing/requests.ts";

const golden = new URL("../../../gitops/golden/", import.meta.url).pathname;
const production = readManifests(await Bun.file(`${golden}production.yaml`).text());
const mesh = createMesh(production);
const weights = readCanaryWeights(production);
/** The first draw that gets v2. */
const edge = weights.v1 / 100;
const drawn = [
  ["anyone, drawn low", {}, edge - 0.01, "app", "v1"],
  ["anyone, drawn high", {}, edge, "app", "v2"],
] as const;
// Of a version that nobody is sent to there is no draw.
const drawable = drawn.filter(([, , , , version]) => weights[version] > 0);

describe("production", () => {
  const router = mesh.router(buildGatewaySource("hookline"));
  const decide = (given: Parameters<typeof buildRequest>[0], random = 0) =>
    router.decide(buildRequest(given), () => random);

  test.each([
    ["a test user", { headers: { "user-type": "test-user" } }, 0, "header-v2", "v2"],
    ["a normal user", { headers: { "user-type": "normal-user" } }, 0.99, "header-v1", "v1"],
    ["a v2 cookie", { headers: { cookie: "a=b; hookline-version=v2" } }, 0, "cookie-v2", "v2"],
    ["a v1 cookie", { headers: { cookie: "hookline-version=v1" } }, 0.99, "cookie-v1", "v1"],
    ...drawable,
  ] as const)("`decide()` sends %s on", (_, given, random, route, subset) => {
    const decision = decide(given, random);
    expect(decision).toMatchObject({
      kind: "forward",
      route: { virtualService: "hookline/app", route },
      destination: {
        fqdn: "app.hookline.svc.cluster.local",
        port: 80,
        subset,
        labels: { "app.kubernetes.io/name": "app", "app.kubernetes.io/version": subset },
      },
      timeoutMs: 5000,
    });
  });

  test.each(["/metrics", "/metrics/x?y", "/admin", "/debug/pprof", "/healthz", "/readyz"])(
    "`decide()` answers %s with 404",
    (path) => {
      const hidden = { kind: "direct", status: 404, route: { route: "hidden", index: 0 } };
      expect(decide({ path })).toMatchObject(hidden);
    },
  );

  test("`decide()` sets the cookie of the version drawn", () => {
    for (const [, , random, , version] of drawable) {
      const cookie = `hookline-version=${version}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`;
      expect(decide({}, random)).toMatchObject({ response: { add: [["set-cookie", cookie]] } });
    }
  });

  test("`decide()` mirrors what the model is asked", () => {
    const source = { kind: "workload", namespace: "hookline", labels: {} } as const;
    const request = buildRequest({ authority: "model-service", path: "/predict", port: 80 });
    expect(mesh.router(source).decide(request, () => 0)).toMatchObject({
      route: { virtualService: "hookline/model-service", route: "live", index: 0 },
      destination: { subset: "v1" },
      mirrors: [{ destination: { subset: "v2" }, percent: 100 }],
      timeoutMs: 2000,
    });
  });
});

describe("`explain()` of production", () => {
  const router = mesh.router(buildGatewaySource("hookline"));

  test("tells every outcome and why earlier routes did not match", () => {
    const { routes, outcomes } = router.explain(buildRequest());
    expect(routes.map(({ route, matched }) => [route.route, matched])).toEqual([
      ["hidden", false],
      ["header-v2", false],
      ["header-v1", false],
      ["cookie-v2", false],
      ["cookie-v1", false],
      ["app", true],
    ]);
    expect(routes[1]?.reasons).toEqual(['header user-type is "test-user" (absent)']);
    expect(routes[0]?.reasons).toContain('path starts with "/healthz" in any case (/)');
    expect(
      outcomes.map(({ percent, decision }) => [
        percent,
        decision.kind === "forward" && decision.destination.subset,
      ]),
    ).toEqual(drawable.map(([, , , , version]) => [weights[version], version]));
  });
});
