import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { compileMesh } from "../overlay/lint.ts";
import { renderOverlay } from "../overlay/render.ts";
import { type AccessLogEntry, createDataPlane, type DataPlane } from "./data-plane.ts";

// The shadow overlay as it is: of its programs only the model services report, and they do nothing else.

const GITOPS = join(import.meta.dirname, "../../../../gitops");
const NAMESPACE = "hookline-shadow";

const taken: string[] = [];
const lines: AccessLogEntry[] = [];
const book = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => {
    taken.push(`${request.method} ${new URL(request.url).pathname}`);
    return new Response("taken", { status: 202 });
  },
});

let plane: DataPlane;
beforeAll(() => {
  const endpoint = {
    pod: "shadow-report-1",
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": "shadow-report" },
    workload: "shadow-report",
    version: "v1",
    ports: new Map<number | string, number>([
      ["http", book.port ?? 0],
      ["metrics", book.port ?? 0],
    ]),
  };
  plane = createDataPlane({
    mesh: compileMesh(renderOverlay({ gitops: GITOPS, overlay: "shadow" })),
    endpoints: { ready: () => [endpoint], subscribe: () => () => {} },
    limiter: () => ({ overall: "OK", statuses: [], headers: [] }),
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await plane.stop();
  await book.stop(true);
});

/** What a program with this account gets of shadow-report. */
async function call(serviceAccount: string, port: number, method: string, path: string) {
  const source = { kind: "workload", namespace: NAMESPACE, labels: {}, serviceAccount } as const;
  const fqdn = `shadow-report.${NAMESPACE}.svc.cluster.local`;
  const sidecar = await plane.listenService({ source, fqdn, port });
  const answer = await fetch(`http://127.0.0.1:${sidecar.port}${path}`, { method });
  return [answer.status, await answer.text()];
}

const REFUSED = [403, "RBAC: access denied"];

test.each([
  ["model-service", 80, "POST", "/reports", [202, "taken"]],
  ["model-service", 80, "POST", "/reports/", REFUSED],
  ["model-service", 80, "GET", "/api/report", REFUSED],
  ["model-service", 80, "GET", "/", REFUSED],
  ["model-service", 9092, "GET", "/metrics", [202, "taken"]],
  ["app", 80, "POST", "/reports", REFUSED],
  ["app", 80, "POST", "/reports?a=/reports", REFUSED],
  ["app", 80, "POST", "/x/../reports", REFUSED],
  ["app", 80, "GET", "/api/report", REFUSED],
  ["app", 9092, "POST", "/reports", REFUSED],
  ["shadow-report", 80, "POST", "/reports", REFUSED],
  ["default", 80, "POST", "/reports", REFUSED],
] as const)("%s, port %d, %s %s", async (account, port, method, path, expected) => {
  taken.length = 0;
  expect(await call(account, port, method, path)).toEqual([...expected]);
  expect(taken).toEqual(expected === REFUSED ? [] : [`${method} ${path}`]);
  if (expected === REFUSED) {
    expect(lines.at(-1)?.response_code_details).toStartWith("rbac_access_denied");
  }
});
