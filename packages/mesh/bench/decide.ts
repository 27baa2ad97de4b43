import { createMesh } from "../src/create-mesh.ts";
import { readManifests } from "../src/read-manifests.ts";
import { buildGatewaySource, buildRequest } from "../src/testing/requests.ts";

// What a decision costs on production, with its rate-limit descriptors. `bun packages/mesh/bench/decide.ts`

const golden = new URL("../../../gitops/golden/production.yaml", import.meta.url);
const resources = readManifests(await Bun.file(golden).text());

const starts: number[] = [];
for (let i = 0; i < 15; i += 1) {
  const start = performance.now();
  createMesh(resources).router(buildGatewaySource("hookline"));
  starts.push(performance.now() - start);
}
const [cold = 0, ...warm] = starts;
const middle = warm.toSorted((one, other) => one - other)[Math.floor(warm.length / 2)] ?? 0;
console.log(`createMesh and router: ${middle.toFixed(1)} ms, the first ${cold.toFixed(0)} ms`);

const router = createMesh(resources).router(buildGatewaySource("hookline"));
const requests = {
  "a visitor": buildRequest({ path: "/x?y=1" }),
  "who has a cookie": buildRequest({ headers: { cookie: "a=b; hookline-version=v1" } }),
  "a test user": buildRequest({ headers: { "user-type": "test-user" } }),
  "a hidden path": buildRequest({ path: "/x/../metrics" }),
};
const TIMES = 300_000;
for (const [name, request] of Object.entries(requests)) {
  for (let i = 0; i < TIMES / 10; i += 1) router.decide(request, Math.random);
  const start = performance.now();
  for (let i = 0; i < TIMES; i += 1) router.decide(request, Math.random);
  const micros = ((performance.now() - start) * 1000) / TIMES;
  console.log(`decide, ${name}: ${micros.toFixed(2)} µs`);
}
