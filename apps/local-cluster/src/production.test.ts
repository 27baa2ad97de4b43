import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import * as z from "zod";
import { withinOneMinute } from "./testing/minute.ts";
import { startUp, type Up } from "./testing/up.ts";

// The production overlay as it is, with its limits, by the commands of this room's README.

const README = await Bun.file(join(import.meta.dirname, "../README.md")).text();
const SHOWN_AT = "http://127.0.0.1:8080";
const SLOW = 240_000;

const hasCurl = Bun.which("curl") !== null;
if (!hasCurl) console.warn("SKIPPED: the commands of the README, for there is no curl here");

/** Each command of the console blocks that asks the cluster, with the output that follows it. */
const COMMANDS = [...README.matchAll(/```console\n([\s\S]*?)```/g)]
  .flatMap(([, block = ""]) => block.split(/^\$ /m))
  .filter((entry) => entry.includes("curl"))
  .map((entry) => {
    const [command = "", ...output] = entry.trimEnd().split("\n");
    return [command, output.join("\n")] as const;
  });

/** What is read of the traffic in the state. */
const Traffic = z.object({
  traffic: z.object({
    limits: z.array(
      z.object({ descriptor: z.string(), remaining: z.number(), resetAt: z.number() }),
    ),
  }),
});

let cluster: Up;
beforeAll(async () => {
  cluster = await startUp(join(import.meta.dirname, "cli.ts"), []);
  await cluster.untilReady();
}, SLOW);
afterAll(async () => {
  cluster.child.kill("SIGTERM");
  await cluster.child.exited;
});

const readTraffic = async () =>
  Traffic.parse(await (await fetch(`${cluster.url}/_local/api/state`)).json());

test("the README shows five commands", () => {
  expect(COMMANDS).toHaveLength(5);
});

// In one test, for limits count by the minute.
test.skipIf(!hasCurl)(
  "the commands of the README print what it shows",
  async () => {
    const printed = await withinOneMinute(15, async () => {
      const outputs: (readonly [string, string])[] = [];
      for (const [command] of COMMANDS) {
        const child = Bun.spawn(["bash", "-c", command.replaceAll(SHOWN_AT, cluster.url)]);
        outputs.push([command, (await child.stdout.text()).trimEnd()]);
      }
      return outputs;
    });
    expect(printed).toEqual(COMMANDS);
  },
  SLOW,
);

test(
  "a limited request says when to come again, and every answer what is left",
  async () => {
    const ask = (accept = "*/*") =>
      fetch(cluster.url, { headers: { authorization: "carol", accept } });
    const { first, limited, page } = await withinOneMinute(15, async () => {
      const first = await ask();
      for (let count = 2; count <= 10; count++) await ask();
      return { first, limited: await ask(), page: await ask("text/html,*/*;q=0.8") };
    });
    expect(first.headers.get("x-ratelimit-limit")).toStartWith("10, ");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("9");
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe(limited.headers.get("x-ratelimit-reset"));
    expect(limited.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(await limited.json()).toEqual({
      error: { code: "limited", message: "Too many requests" },
    });
    expect([page.status, page.headers.get("content-type")]).toEqual([
      429,
      "text/html; charset=utf-8",
    ]);
    const seconds = page.headers.get("x-ratelimit-reset");
    expect(await page.text()).toContain(`Try again in ${seconds} s.`);
  },
  SLOW,
);

test.each(["/metrics", "/admin", "/debug/x", "/healthz", "/readyz"])(
  "%s is not reachable through the gateway",
  async (path) => {
    const answer = await fetch(`${cluster.url}${path}`, {
      headers: { authorization: `of ${path}` },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-app-version")).toBeNull();
  },
);

// Last, for nobody gets in for the rest of the minute.
test(
  "of all together the hundredth request of a minute is answered and the next is not",
  async () => {
    const statusOf = async (user: string) =>
      (await fetch(cluster.url, { headers: { authorization: user } })).status;
    const statuses = await withinOneMinute(20, async () => {
      expect(await statusOf("first of all")).toBe(200);
      const { traffic } = await readTraffic();
      const all = traffic.limits.find(({ descriptor }) => descriptor === "generic_key=global");
      const seen: number[] = [];
      for (let count = 0; count <= (all?.remaining ?? 0); count++) {
        seen.push(await statusOf(`user ${count}`));
      }
      return seen;
    });
    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter((status) => status === 200)).toHaveLength(statuses.length - 1);
    expect(statuses.at(-1)).toBe(429);
  },
  SLOW,
);
