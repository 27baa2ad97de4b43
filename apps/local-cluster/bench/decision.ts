// Benchmark: what one decision costs, in µs: routes, weights, mirrors, limits and counting, over the production overlay.
import { createMesh } from "@hookline/mesh";
import { HeaderList } from "../src/data-plane/http/header-list.ts";
import { RequestView } from "../src/data-plane/request-view.ts";
import { renderOverlay } from "../src/overlay/render.ts";
import { GITOPS, interleave, readOptions, report } from "./measure.ts";

const options = readOptions("The time of Router.decide() for the requests of a visitor, in µs.");
const mesh = createMesh(renderOverlay({ gitops: GITOPS, overlay: "production" }).resources);
const [gateway] = mesh.gateways;
if (gateway === undefined) throw new Error("Cannot measure: production has no Gateway");
const { selector, namespace, port } = gateway;
const router = mesh.router({ kind: "gateway", labels: selector, namespace, port });
const browser = [
  "accept",
  "text/html,application/xhtml+xml",
  "accept-encoding",
  "gzip, deflate, br",
  "accept-language",
  "en",
  "user-agent",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
];

function build(path: string, headers: readonly string[]): RequestView {
  const list = new HeaderList([...browser, ...headers]);
  return new RequestView({
    method: "GET",
    authority: "localhost:8080",
    path,
    clientAddress: "127.0.0.1",
    port: 80,
    headers: list,
  });
}

const requests = {
  "by header": build("/", ["user-type", "test-user"]),
  "by cookie": build("/", ["cookie", "theme=dark; hookline-version=v1; other=1"]),
  "by weight": build("/?q=1", []),
  hidden: build("/metrics", []),
};
const TIMES = 200_000;

/** µs of one decision. */
function measure(request: RequestView): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < TIMES; i += 1) router.decide(request, Math.random);
  return Promise.resolve(((performance.now() - begun) * 1000) / TIMES);
}

for (const request of Object.values(requests)) await measure(request);
const values = await interleave(
  options.repeats,
  Object.fromEntries(
    Object.entries(requests).map(([name, request]) => [name, () => measure(request)]),
  ),
);
report(
  options,
  Object.entries(values).map(([name, all]) => ({
    name: `decision ${name}`,
    unit: "µs",
    all,
    atMost: 5,
  })),
);
