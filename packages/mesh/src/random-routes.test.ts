import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createMesh } from "./create-mesh.ts";
import { GATEWAY } from "./testing/build-mesh.ts";
import { buildRequest } from "./testing/requests.ts";
import type { Decision, JsonObject } from "./types.ts";

// Laws that hold for any configuration.

const word = fc.constantFrom("a", "b", "c");
const stringMatch = fc.oneof(
  word.map((exact) => ({ exact })),
  word.map((prefix) => ({ prefix })),
  fc.constantFrom({ regex: "[ab]" }, { regex: ".*" }, {}),
);
const share = fc.integer({ min: 0, max: 100 }).map((value) => ({ value }));
const match = fc.record(
  {
    uri: word.map((one) => ({ prefix: `/${one}` })),
    headers: fc.dictionary(word, stringMatch, { maxKeys: 2 }),
    withoutHeaders: fc.dictionary(word, stringMatch, { maxKeys: 1 }),
    queryParams: fc.dictionary(word, stringMatch, { maxKeys: 1 }),
    method: fc.constant({ exact: "GET" }),
    ignoreUriCase: fc.boolean(),
  },
  { requiredKeys: [] },
);
const weighted = fc.record({
  destination: fc.constantFrom({ host: "one" }, { host: "two" }, { host: "nobody" }),
  weight: fc.integer({ min: 1, max: 100 }),
});
const forward = fc.record(
  {
    match: fc.array(match, { maxLength: 2 }),
    route: fc.array(weighted, { minLength: 1, maxLength: 3 }),
    fault: fc.record({ abort: fc.record({ httpStatus: fc.constant(500), percentage: share }) }),
    mirrors: fc.array(fc.record({ destination: fc.constant({ host: "two" }), percentage: share }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ["route"] },
);
const direct = fc.record({
  match: fc.array(match, { minLength: 1, maxLength: 2 }),
  directResponse: fc.constantFrom({ status: 404 }, { status: 200 }),
});
const http = fc.array(fc.oneof(forward, direct), { minLength: 1, maxLength: 5 });
const request = fc.record({
  path: fc.constantFrom("/", "/a", "/A", "/b/x?a=b", "/c?b", "/abc?a=c"),
  method: fc.constantFrom("GET", "PUT"),
  headers: fc.dictionary(word, fc.constantFrom("a", "b", "abc", ""), { maxKeys: 3 }),
});

function buildRouter(routes: readonly object[]) {
  const service = (name: string) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "demo" },
    spec: { selector: { app: name }, ports: [{ port: 80, name: "http" }] },
  });
  const networking = (kind: string, spec: object) => ({
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "x", namespace: "demo" },
    spec,
  });
  const server = { port: { name: "http", number: 80, protocol: "HTTP" }, hosts: ["*"] };
  const resources: JsonObject[] = JSON.parse(
    JSON.stringify([
      service("one"),
      service("two"),
      networking("Gateway", { selector: {}, servers: [server] }),
      networking("VirtualService", { hosts: ["*"], gateways: ["x"], http: routes }),
    ]),
  );
  return createMesh(resources).router(GATEWAY);
}

/** The share of each decision, its mirrors aside. */
function sumUp(outcomes: readonly { percent: number; decision: Decision }[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { percent, decision } of outcomes) {
    const key = JSON.stringify({ ...decision, mirrors: [] });
    shares.set(key, (shares.get(key) ?? 0) + percent);
  }
  return shares;
}

describe("any routes", () => {
  test("what is drawn is one of the outcomes that are told, which sum up to 100 %", () => {
    fc.assert(
      fc.property(
        http,
        request,
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (routes, given, draws) => {
          const router = buildRouter(routes);
          const asked = buildRequest(given);
          const { outcomes } = router.explain(asked);
          const total = outcomes.reduce((sum, { percent }) => sum + percent, 0);
          expect(total).toBeCloseTo(100, 6);
          const drawn = router.decide(asked, () => draws.next().value ?? 0);
          expect(outcomes.some(({ decision }) => Bun.deepEquals(decision, drawn))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);

  test("mirrors change the share of no answer", () => {
    fc.assert(
      fc.property(http, request, (routes, given) => {
        const bare = routes.map((route) => ({ ...route, mirrors: [] }));
        const [one, two] = [routes, bare].map((each) =>
          sumUp(buildRouter(each).explain(buildRequest(given)).outcomes),
        );
        expect([...(one?.keys() ?? [])].sort()).toEqual([...(two?.keys() ?? [])].sort());
        for (const [key, percent] of one ?? []) expect(percent).toBeCloseTo(two?.get(key) ?? -1, 6);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  test("a route that does not match changes nothing, wherever it stands", () => {
    const never = { match: [{ method: { exact: "NEVER" } }], directResponse: { status: 299 } };
    fc.assert(
      fc.property(http, request, fc.nat(), (routes, given, place) => {
        const at = place % (routes.length + 1);
        const more = [...routes.slice(0, at), never, ...routes.slice(at)];
        const [one, two] = [routes, more].map((each) =>
          buildRouter(each)
            .explain(buildRequest(given))
            .outcomes.map(({ percent, decision }) => ({ percent, ...decision, route: undefined })),
        );
        expect(one).toEqual(two ?? []);
      }),
      { numRuns: 300 },
    );
  }, 120_000);
});
