import { afterEach, expect, test } from "bun:test";
import type { ClusterState } from "./cluster-state.ts";
import { describeStart } from "./describe-start.ts";
import { describeTraffic } from "./describe-traffic.ts";
import { describeState, readStatus } from "./status.ts";
import { buildTraffic } from "./status-page/sample-state.ts";

const AT = "2026-11-23T12:00:00.000Z";
const STATE: ClusterState = {
  overlay: "production",
  namespace: "hookline",
  url: "http://127.0.0.1:8080",
  pid: 1,
  startedAt: AT,
  watch: "git",
  revision: { text: "1a2b3c4 feat: one", at: AT },
  refused: { revision: "5d6e7f8 feat: two", reason: "Cannot route: no", at: AT },
  rollout: { revision: "9a8b7c6 feat: three", since: AT },
  workloads: [
    {
      name: "app-v1",
      namespace: "hookline",
      program: "app",
      version: "v1",
      replicas: 2,
      ready: 1,
      pods: [
        {
          name: "app-v1-x",
          pid: 7,
          phase: "ready",
          restarts: 0,
          since: AT,
          ports: {},
          lastEnd: null,
        },
        {
          name: "app-v1-y",
          pid: null,
          phase: "back-off",
          restarts: 1,
          since: AT,
          ports: {},
          lastEnd: "exit code 3",
        },
      ],
    },
  ],
  thirdParty: [{ name: "redis", image: "redis:8", runs: "nothing", text: "not run: why" }],
};

const servers: Bun.Server<undefined>[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true);
});

function serve(body: unknown): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json(body) });
  servers.push(server);
  return server.port ?? 0;
}

test("describeState() tells what runs, what is deployed, what was refused", () => {
  expect(describeState(STATE)).toEqual([
    "http://127.0.0.1:8080  production, 1a2b3c4 feat: one",
    "a commit's gitops/ is deployed at once; programs are those of the working tree, whatever the tag",
    "deploying 9a8b7c6 feat: three",
    "refused 5d6e7f8 feat: two: Cannot route: no",
    "app-v1  1 of 2 ready",
    "  ready     app-v1-x  pid 7",
    "  back-off  app-v1-y  pid -, 1 restart, the last: exit code 3",
    "redis  not run: why",
  ]);
});

test("readStatus() asks the port, and gives all of it as JSON", async () => {
  const traffic = buildTraffic({ limits: [] });
  const port = serve({ ...STATE, traffic });
  const lines = [...describeState(STATE), ...describeTraffic(traffic, 0)];
  expect(await readStatus({ port, json: false })).toBe(`${lines.join("\n")}\n`);
  const all: unknown = JSON.parse(await readStatus({ port, json: true }));
  expect(all).toEqual({ ...STATE, traffic });
});

test.each([
  ["nobody", () => 1, "start one with bun run up, or name its port with --port"],
  ["somebody else", () => serve({}), "what answers there is not the cluster of this version"],
])("readStatus() refuses a port where %s answers", async (_, portOf, why) => {
  const port = portOf();
  for (const json of [false, true]) {
    const reason = await readStatus({ port, json }).catch((error: Error) => error.message);
    expect(reason).toBe(`Cannot find a cluster on port ${port}: ${why}`);
  }
});

test("describeStart() begins with the line that says where", () => {
  const { lines, event } = describeStart(STATE);
  expect(lines).toEqual([
    "ready http://127.0.0.1:8080",
    "  overlay   production, 1a2b3c4 feat: one",
    "  pods      app-v1 ×1",
    "  redis     not run: why",
    "  follows   a commit's gitops/ is deployed at once; programs are those of the working tree, whatever the tag",
    "  look      http://127.0.0.1:8080/_local, or bun run status",
  ]);
  expect(event).toEqual({
    event: "ready",
    url: "http://127.0.0.1:8080",
    overlay: "production",
    revision: "1a2b3c4 feat: one",
  });
});

test("describeStart() names the port that status asks where it is not the usual one", () => {
  const url = "http://127.0.0.1:18980";
  expect(describeStart({ ...STATE, url }).lines.at(-1)).toBe(
    `  look      ${url}/_local, or bun run status --port 18980`,
  );
});
