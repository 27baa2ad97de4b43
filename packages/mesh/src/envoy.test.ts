import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { createMesh } from "./create-mesh.ts";
import { readManifests } from "./read-manifests.ts";
import { readTables } from "./tables.ts";
import { readCanaryWeights, spreadOf } from "./testing/canary-weights.ts";
import { compareAnswer } from "./testing/compare-answer.ts";
import { buildBootstrap, type EnvoyListener, listClusters } from "./testing/envoy-config.ts";
import { startEnvoy } from "./testing/envoy-process.ts";
import {
  type Backend,
  createClient,
  type RawRequest,
  type Seen,
  startBackend,
} from "./testing/raw-http.ts";
import { buildGatewaySource } from "./testing/requests.ts";

// The same routes in a real Envoy: the same destinations, headers and answers, and the same split.

const binary = Bun.which("envoy") ?? findJudge();
if (binary === null) {
  console.warn(
    "packages/mesh/src/envoy.test.ts: envoy is not installed, nothing is compared with it",
  );
}

/** Where .ci/run puts the judges. */
function findJudge(): string | null {
  return Bun.which(join(import.meta.dir, "../../../.cache/judges/bin/envoy"));
}

const LONG = 120_000;
const CONNECTIONS = 16;
const golden = join(import.meta.dir, "../../../gitops/golden/production.yaml");
const seen: Seen[] = [];
const backends = new Map<string, Backend>();
const folder = mkdtempSync(join(tmpdir(), "hookline-mesh-"));
let stop = () => {};
let ports: ReadonlyMap<string, number> = new Map();

const production = readManifests(await Bun.file(golden).text());
const zoo = readManifests(await Bun.file(join(import.meta.dir, "testing/zoo.yaml")).text());
const cases = {
  production: { resources: production, source: buildGatewaySource("hookline"), options: {} },
  zoo: { resources: zoo, source: buildGatewaySource("zoo"), options: {} },
  merging: {
    resources: zoo,
    source: buildGatewaySource("zoo"),
    options: { pathNormalization: "DECODE_AND_MERGE_SLASHES" },
  },
} as const;
type Case = keyof typeof cases;

function readListener(name: Case): EnvoyListener {
  const { resources, source, options } = cases[name];
  const table = readTables(resources, {}).build(source, 80);
  if (table === undefined) throw new RangeError("The gateway does not listen");
  return { name, table, mergesSlashes: "pathNormalization" in options };
}

beforeAll(async () => {
  if (binary === null) return;
  const listeners = [readListener("production"), readListener("zoo"), readListener("merging")];
  for (const name of new Set(listeners.flatMap(({ table }) => [...listClusters(table)]))) {
    backends.set(name, await startBackend(name, (one) => seen.push(one)));
  }
  const behind = new Map([...backends].map(([name, { port }]) => [name, port]));
  const bootstrap = buildBootstrap({ listeners, backends: behind });
  const envoy = await startEnvoy(binary, { folder, bootstrap, count: listeners.length });
  stop = envoy.stop;
  ports = envoy.ports;
}, LONG);

afterAll(() => {
  stop();
  for (const backend of backends.values()) backend.close();
  rmSync(folder, { recursive: true });
});

/** Sends requests over many connections, each with its mesh's expectation; gives the differences. */
async function compareAll(name: Case, requests: readonly RawRequest[]) {
  const { resources, source, options } = cases[name];
  const router = createMesh(resources, options).router(source);
  const differences: unknown[] = [];
  const clusters = new Map<string, number>();
  let next = 0;
  const work = async () => {
    const client = createClient(ports.get(name) ?? 0);
    while (next < requests.length && differences.length < 5) {
      const request = requests[next];
      next += 1;
      if (request === undefined) break;
      const { difference, cluster } = compareAnswer(router, request, await client.send(request));
      if (difference !== undefined) differences.push(difference);
      clusters.set(cluster, (clusters.get(cluster) ?? 0) + 1);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return { differences, clusters };
}

const pick = fc.constantFrom;
const segment = pick(
  "a",
  "b",
  "A",
  "C",
  "c",
  "12",
  "xx",
  "END",
  "end",
  "..",
  ".",
  "%2e%2e",
  "%61",
  "",
);
const path = fc
  .tuple(
    fc.array(segment, { maxLength: 4 }),
    pick("", "?q=1", "?q=12", "?x=&q=2&other", "?q=3%20", "?q"),
  )
  .map(([segments, query]) => `/${segments.join("/")}${query}`);
const known = pick(
  "/a/b",
  "/a/c",
  "/b/x",
  "/B/x/../y",
  "/c/12/END",
  "/c/xx/end",
  "/c/xxxx/end",
  "/d",
  "/e/x?y=1",
  "/f",
  "/nowhere",
  "//a/b",
  "/zend",
  "/o",
  "/o",
  "/p",
  "/p",
  "/all",
  "/a%2fb",
  "/\\a/b",
);
const optional = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(values.map((value) => [name, value] as const));
const zooRequest: fc.Arbitrary<RawRequest> = fc.record({
  method: pick("GET", "GET", "PUT", "DELETE", "POST", "OPTIONS", "OPTIONS"),
  path: fc.oneof(path, known),
  authority: pick(
    "a.test",
    "b.test",
    "exact.wild.test:8080",
    "deep.er.wild.test",
    "WILD.test",
    "wild.test",
    ".wild.test",
    "tls.test",
  ),
  headers: fc
    .tuple(
      optional("x-user", pick("tom", "ann", "bcd", "bce", "")),
      optional("x-skip", pick("abc", "b", "")),
      optional("x-set", pick("mine")),
      optional("x-add", pick("mine")),
      optional("x-gone", pick("mine")),
      optional("origin", pick("https://a.test", "https://x.b.test", "https://c.test")),
      optional("access-control-request-method", pick("PUT")),
      optional("access-control-request-headers", pick("x-b,x-c")),
    )
    .map((list) => [...list.filter((one) => one !== null), ["content-length", "0"] as const]),
});
const productionRequest: fc.Arbitrary<RawRequest> = fc.record({
  method: pick("GET"),
  path: pick(
    "/",
    "/?a=b",
    "/metrics",
    "/x",
    "/%6detrics",
    "/a/../admin",
    "//metrics",
    "/healthz",
    "/healthz/",
  ),
  authority: pick("hookline.test", "127.0.0.1:8080"),
  headers: fc
    .tuple(
      optional("user-type", pick("test-user", "normal-user", "Test-User")),
      optional(
        "cookie",
        pick(
          "hookline-version=v1",
          "a=b; hookline-version=v2",
          "hookline-version=v3",
          "xhookline-version=v2",
        ),
      ),
    )
    .map((list) => list.filter((one) => one !== null)),
});

describe.skipIf(binary === null)("in a real Envoy", () => {
  test(
    "4,500 random requests to routes of every kind have the same fate",
    async () => {
      const requests = fc.sample(zooRequest, { numRuns: 4500, seed: 7 });
      const { differences, clusters } = await compareAll("zoo", requests);
      expect(differences).toEqual([]);
      // Every destination was met, and those who answer themselves.
      expect(clusters.size).toBeGreaterThanOrEqual(6);
    },
    LONG,
  );

  test(
    "1,500 more with slashes merged and decoded",
    async () => {
      const requests = fc.sample(zooRequest, { numRuns: 1500, seed: 8 });
      expect((await compareAll("merging", requests)).differences).toEqual([]);
    },
    LONG,
  );

  test(
    "2,000 random requests to production have the same fate",
    async () => {
      const requests = fc.sample(productionRequest, { numRuns: 2000, seed: 9 });
      expect((await compareAll("production", requests)).differences).toEqual([]);
    },
    LONG,
  );

  test(
    "2,000 visitors of production are split by its weights",
    async () => {
      const visitor = { method: "GET", path: "/", authority: "hookline.test", headers: [] };
      const { differences, clusters } = await compareAll("production", Array(2000).fill(visitor));
      expect(differences).toEqual([]);
      const second = clusters.get("outbound|80|v2|app.hookline.svc.cluster.local") ?? 0;
      const weight = readCanaryWeights(production).v2;
      expect(Math.abs(second - weight * 20)).toBeLessThanOrEqual(spreadOf(2000, weight));
    },
    LONG,
  );
});
