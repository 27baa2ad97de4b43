import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { type CreateMeshOptions, createMesh } from "./create-mesh.ts";
import { readIstiodValues } from "./istiod-values.ts";
import { readManifests } from "./read-manifests.ts";
import { readCanaryWeights, spreadOf } from "./testing/canary-weights.ts";
import { renderSubsets } from "./testing/render-subsets.ts";
import { buildGatewaySource, buildRequest } from "./testing/requests.ts";
import type { Decision, Json, JsonObject, Router } from "./types.ts";

// What the routing promises to visitors, on every subset of the components, and on production.

const GITOPS = join(import.meta.dir, "../../../gitops");
const LONG = 120_000;
const values = await Bun.file(join(GITOPS, "platform/istiod/values.yaml")).text();
const istiod = readIstiodValues(parse(values));
const production = readManifests(await Bun.file(join(GITOPS, "golden/production.yaml")).text());
const configurations = [
  ...renderSubsets().map((one) => ({ ...one, namespace: "subset" })),
  {
    name: "production",
    namespace: "hookline",
    resources: production,
    components: ["canary", "monitoring", "ratelimit", "shadow"],
  },
].map((one) => [one.name, { ...one, canary: one.components.includes("canary") }] as const);

/** A seeded source of numbers, so that a failure comes again. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function gatewayOf(
  { resources, namespace }: { resources: readonly JsonObject[]; namespace: string },
  options: CreateMeshOptions = istiod,
): Router {
  return createMesh(resources, options).router(buildGatewaySource(namespace));
}

const subsetOf = (decision: Decision) =>
  decision.kind === "forward" ? decision.destination.subset : decision.kind;
const cookieOf = (decision: Decision) =>
  decision.kind === "forward"
    ? decision.response.add.find(([name]) => name === "set-cookie")?.[1].split(";")[0]
    : undefined;

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const openPath = fc.constantFrom("/", "/?q=%2F", "/api/check", "/static/a.css", "/x/../y");
const method = fc.constantFrom("GET", "POST", "HEAD");
const other = fc.constantFrom(
  "",
  "a=b",
  "session=hookline-version",
  "x=hookline-version=v9",
  "v1=v2",
);
const visitor = fc.record({ path: openPath, method, random: draw, before: other, after: other });

describe.each(configurations)("with %s", (_, configuration) => {
  const router = gatewayOf(configuration);
  const { canary } = configuration;
  const decide = (headers: Record<string, string>, { path = "/", method = "GET", random = 0.5 }) =>
    router.decide(buildRequest({ path, method, headers }), () => random);

  test(
    "a test user gets v2, a normal user v1, whatever else they send",
    () => {
      fc.assert(
        fc.property(visitor, ({ before, ...given }) => {
          const cookie = `${before}; hookline-version=v1`;
          const tester = decide({ "user-type": "test-user", cookie }, given);
          expect(subsetOf(tester)).toBe(canary ? "v2" : "v1");
          const normal = decide(
            { "user-type": "normal-user", cookie: "hookline-version=v2" },
            given,
          );
          expect(subsetOf(normal)).toBe("v1");
        }),
      );
    },
    LONG,
  );

  test(
    "who has a cookie stays on its version",
    () => {
      fc.assert(
        fc.property(
          visitor,
          fc.constantFrom("v1", "v2"),
          ({ before, after, ...given }, version) => {
            const parts = [before, `hookline-version=${version}`, after].filter(
              (part) => part !== "",
            );
            const decision = decide({ cookie: parts.join("; ") }, given);
            expect(subsetOf(decision)).toBe(canary ? version : "v1");
          },
        ),
      );
    },
    LONG,
  );

  test(
    "of 10,000 visitors v2 gets its share, and each comes back to their version",
    () => {
      const random = createRandom(42);
      let second = 0;
      for (let i = 0; i < 10_000; i += 1) {
        const first = router.decide(buildRequest(), random);
        const cookie = cookieOf(first);
        if (subsetOf(first) === "v2") second += 1;
        if (cookie === undefined) continue;
        const again = router.decide(buildRequest({ headers: { cookie } }), random);
        if (subsetOf(again) !== subsetOf(first)) expect(again).toEqual(first);
      }
      const weight = canary ? readCanaryWeights(configuration.resources).v2 : 0;
      expect(Math.abs(second - weight * 100)).toBeLessThanOrEqual(spreadOf(10_000, weight));
    },
    LONG,
  );

  test(
    "the mirror changes no answer",
    () => {
      const { resources, namespace } = configuration;
      const caller = { kind: "workload", namespace, labels: {} } as const;
      const withMirror = createMesh(resources, istiod).router(caller);
      const without = createMesh(resources.map(dropMirrors), istiod).router(caller);
      fc.assert(
        fc.property(visitor, ({ path, method: asked }) => {
          const request = buildRequest({ path, method: asked, authority: "model-service" });
          const [one, two] = [withMirror, without].map((router) =>
            router.explain(request).outcomes.map(({ percent, decision }) => ({
              percent,
              decision: decision.kind === "forward" ? { ...decision, mirrors: [] } : decision,
            })),
          );
          expect(one).toEqual(two ?? []);
        }),
        { numRuns: 20 },
      );
    },
    LONG,
  );

  test(
    "no hidden path gets through, however it is spelt",
    () => {
      fc.assert(
        fc.property(trickyPath, (path) => expect(findLeak(router, path)).toBe(undefined)),
        {
          numRuns: 400,
        },
      );
    },
    LONG,
  );
});

const HIDDEN = ["/metrics", "/admin", "/debug", "/healthz", "/readyz"];
const trick = fc.constantFrom(
  "/",
  "//",
  "/./",
  "/x/../",
  "/%2e/",
  "/x/%2E%2e/",
  "\\",
  "/x\\..\\",
  "%2f",
  "%2F",
  "%5c",
  "/.%2f",
  "/x%2f..%2f",
  "/..;/../",
  "/%2e%2e%2f",
);
const name = fc.constantFrom(
  "metrics",
  "Metrics",
  "METRICS",
  "%6detrics",
  "%4Detrics",
  "metr%69cs",
  "admin",
  "aDmin",
  "debug",
  "healthz",
  "HEALTHZ",
  "readyz",
  "read%79z",
);
const rest = fc.constantFrom("", "/", "/x", "?q", "/..", "%2f", "/pprof?a=/../b", "//");
const trickyPath = fc
  .tuple(fc.array(trick, { minLength: 1, maxLength: 3 }), name, rest)
  .map(([tricks, hidden, after]) => `/${tricks.join("")}${hidden}${after}`.replace(/^\/\//, "/"));

/** A path that reaches a backend although a lenient one would read it as a hidden path. */
function findLeak(router: Router, path: string): string | undefined {
  const decision = router.decide(buildRequest({ path }), () => 0);
  if (decision.kind !== "forward") return undefined;
  const sent = decision.rewrite?.path ?? path;
  const read = readLeniently(sent);
  return HIDDEN.some((one) => read.startsWith(one)) ? sent : undefined;
}

/** As the most obliging server would: decoded, in lower case, slashes and dots resolved. */
function readLeniently(path: string): string {
  const [plain = ""] = path.split("?");
  const decoded = plain.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const segments: string[] = [];
  for (const segment of decoded.toLowerCase().replaceAll("\\", "/").split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

describe("hidden paths as they are configured", () => {
  const router = gatewayOf({ resources: production, namespace: "hookline" });

  test.each([
    "/metrics",
    "/metrics/",
    "/metrics?x",
    "/./metrics",
    "/x/../metrics",
    "/%2e/metrics",
    "/x/%2E%2e/metrics",
    "/%6detrics",
    "/x\\..\\metrics",
    "/admin/x",
    "/debug/pprof",
    "/healthz",
    "/x/../readyz",
    "//metrics",
    "/%2Fmetrics",
    "/\\metrics",
    "/Metrics",
    "/HEALTHZ",
    "/healthz/",
    "/x/..//admin",
  ])("%s is not found", (path) => {
    expect(router.decide(buildRequest({ path }), () => 0)).toMatchObject({ status: 404 });
  });

  test("nor is a method that Envoy takes and whose connection a pod would close", () => {
    const request = buildRequest({ path: "/", method: "MSEARCH" });
    expect(router.decide(request, () => 0)).toMatchObject({ status: 404 });
  });
});

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every object of a resource, changed from the inside out. */
function mapObjects(value: Json, change: (object: JsonObject) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((one) => mapObjects(one, change));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    ([key, one]) => [key, mapObjects(one, change)] as const,
  );
  return change(Object.fromEntries(entries));
}

function changeResource(
  resource: JsonObject,
  change: (object: JsonObject) => JsonObject,
): JsonObject {
  if (resource["kind"] !== "VirtualService") return resource;
  const changed = mapObjects(resource, change);
  return isObject(changed) ? changed : resource;
}

function dropMirrors(resource: JsonObject): JsonObject {
  return changeResource(resource, ({ mirrors: _, mirror: __, ...others }) => others);
}
