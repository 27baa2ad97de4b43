import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectTo } from "../testing/connect.ts";
import { buildKubeconfig } from "../testing/kubeconfig-text.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-again-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["comes back to a server that says when", 503, "0.001", 2, 3, 200],
  ["comes back where there were too many requests", 429, "0.001", 1, 2, 200],
  ["takes the last of ten refusals", 503, "0.001", 20, 10, 503],
  ["takes a refusal that says no time", 503, undefined, 20, 1, 503],
  ["takes a time of another answer for no invitation", 500, "0.001", 20, 1, 500],
] as const)("createConnection() %s", async (_, refusal, after, refusals, asked, status) => {
  let count = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => {
      count += 1;
      if (count > refusals) return Response.json({});
      const headers = after === undefined ? {} : { "retry-after": after };
      return Response.json({}, { status: refusal, headers });
    },
  });
  const file = join(folder, "config");
  const cluster = { "insecure-skip-tls-verify": true };
  writeFileSync(file, buildKubeconfig({ server: server.url.origin, cluster }));
  const answer = await connectTo(file).request({ method: "GET", path: "/api" });
  expect([answer.status, count]).toEqual([status, asked]);
  await server.stop(true);
});
