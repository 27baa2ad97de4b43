import { afterEach, expect, test } from "bun:test";
import { join } from "node:path";
import { untilMinuteHas } from "../testing/minute.ts";
import { until } from "../testing/until.ts";
import { startUp, type Up } from "../testing/up.ts";
import { findBinaries } from "./binaries.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const isInstalled = findBinaries(ROOT).ratelimit !== undefined;
if (!isInstalled) {
  console.warn("SKIPPED: --real with Redis and the limiter, for they are not both installed here");
}

const running: Up[] = [];
afterEach(() => {
  for (const { end } of running.splice(0)) end();
});

/** The port in the line that tells of a program: `redis     runs on port 1234`. */
function portOf({ lines }: Up, name: string): number {
  const line = lines.find((one) => one.trim().startsWith(`${name} `));
  return Number(/ runs on port (\d+)$/.exec(line ?? "")?.[1]);
}

function accepts(port: number): Promise<boolean> {
  const socket = { data: () => {} };
  return Bun.connect({ hostname: "127.0.0.1", port, socket }).then(
    (open) => {
      open.end();
      return true;
    },
    () => false,
  );
}

test.skipIf(!isInstalled)(
  "with --real the limiter that is installed limits, and it ends with us",
  async () => {
    const cli = join(import.meta.dirname, "../cli.ts");
    const cluster = await startUp(cli, ["ratelimit", "--replicas", "1", "--real"]);
    running.push(cluster);
    await cluster.untilReady();
    await untilMinuteHas(10);
    const statuses: number[] = [];
    for (let count = 1; count <= 11; count++) {
      const answer = await fetch(cluster.url, { headers: { authorization: "ann" } });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    const ports = ["redis", "ratelimit"].map((name) => portOf(cluster, name));
    expect(await Promise.all(ports.map(accepts))).toEqual([true, true]);
    cluster.child.kill("SIGKILL");
    await until("both have ended", async () => {
      const open = await Promise.all(ports.map(accepts));
      return !open.includes(true);
    });
  },
  90_000,
);
