// The data plane alone before one backend, with the routes of an overlay: <overlay> <port of the backend>.

import { parseYaml } from "@hookline/kustomize-ts";
import { createLimiter, createMesh, parseLimiterConfig } from "@hookline/mesh";
import { createDataPlane } from "../src/data-plane/data-plane.ts";
import type { Endpoint } from "../src/data-plane/endpoints.ts";
import { renderOverlay } from "../src/overlay/render.ts";
import { GITOPS } from "./measure.ts";

const [overlay = "canary", backend = "0"] = process.argv.slice(2);
const mesh = createMesh(renderOverlay({ gitops: GITOPS, overlay }).resources);
const [gateway] = mesh.gateways;
if (gateway === undefined) throw new Error(`Cannot measure: overlay "${overlay}" has no Gateway`);
/** A pod for each of our workloads, all of them the one backend. */
const pods = mesh.workloads.map(
  ({ name, namespace, labels, ports }): Endpoint => ({
    pod: `${name}-0`,
    namespace,
    labels,
    workload: name,
    version: labels["app.kubernetes.io/version"] ?? "v1",
    ports: new Map<string | number, number>(
      ports.flatMap(({ name: port, port: number }) =>
        [number, ...(port === undefined ? [] : [port])].map((key) => [key, Number(backend)]),
      ),
    ),
  }),
);
// Counts as the real one does, with a limit that nobody reaches.
const limits = {
  domain: "hookline",
  descriptors: [
    {
      key: "generic_key",
      value: "global",
      rate_limit: { unit: "minute", requests_per_unit: 1_000_000_000 },
    },
  ],
};
const limiter = createLimiter(
  [parseLimiterConfig(parseYaml(JSON.stringify(limits), "limits.yaml"))],
  { now: Date.now },
);
let lines = 0;
const plane = createDataPlane({
  mesh,
  endpoints: { ready: () => pods, subscribe: () => () => {} },
  limiter: ({ domain, descriptors }) => limiter.check(domain, descriptors),
  log: () => {
    lines += 1;
  },
});
const { selector, namespace, port: gatewayPort } = gateway;
const { port } = await plane.listenGateway({
  host: "127.0.0.1",
  port: 0,
  source: () => ({ kind: "gateway", labels: selector, namespace, port: gatewayPort }),
});
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
process.on("SIGTERM", () => process.exit(lines > 0 ? 0 : 1));
