// Needs git.
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { failuresIn, type Load, lossesIn, shareOfV2, startLoad } from "./testing/load.ts";
import { createTree, type Tree } from "./testing/tree.ts";
import { until } from "./testing/until.ts";
import { startUp, type Up } from "./testing/up.ts";

// The production overlay in a repository of its own, followed by --git, with limits that load does not reach.

const GITOPS = join(import.meta.dirname, "../../../gitops");
const LIMITS = "gitops/components/ratelimit/ratelimit/config.yaml";
const ROUTES = "gitops/components/canary/routes-patch.yaml";
/** Why the README's commit is refused. */
const [, UNROUTABLE = "?"] =
  /^refused .*?: (Cannot route: .*); /m.exec(
    readFileSync(join(import.meta.dirname, "../README.md"), "utf8"),
  ) ?? [];
const WEIGHTS = /weight: \d+([\s\S]*)weight: \d+/;
const REPORT = "gitops/components/shadow/shadow-report/shadow-report.env";
const SLOW = 240_000;

/** What is read of the state beside the pods. */
const Mirrored = z.object({
  traffic: z.object({ mirrors: z.array(z.object({ service: z.string(), sent: z.number() })) }),
  workloads: z.array(
    z.object({
      name: z.string(),
      pods: z.array(z.object({ ports: z.record(z.string(), z.number()) })),
    }),
  ),
});
const Report = z.object({
  pairs: z.number(),
  unpaired: z.object({ live: z.number(), mirror: z.number() }),
});

let tree: Tree;
let cluster: Up;
let load: Load | undefined;

/** Changes one file of the repository and commits it. */
function commit(subject: string, path: string, change: (text: string) => string): void {
  const before = readFileSync(join(tree.folder, path), "utf8");
  const after = change(before);
  if (after === before) throw new Error(`Nothing to change in ${path}`);
  tree.write(path, after);
  tree.commit(subject);
}

const told = (what: string) => cluster.lines.some((line) => line.includes(what));

beforeAll(async () => {
  tree = createTree();
  for (const folder of ["base", "components", "overlays", "platform"]) {
    cpSync(join(GITOPS, folder), join(tree.folder, "gitops", folder), { recursive: true });
  }
  // The split that this begins with, whatever a promotion has made of the tree.
  const routes = readFileSync(join(tree.folder, ROUTES), "utf8");
  tree.write(ROUTES, routes.replace(WEIGHTS, "weight: 90$1weight: 10"));
  tree.git("init", "--quiet", "--initial-branch=main");
  commit("test: raise the limits", LIMITS, (text) =>
    text.replaceAll(/requests_per_unit: \d+/g, "requests_per_unit: 1000000"),
  );
  // Each pod holds its reports for 250 ms, and a busy machine for longer.
  commit("test: pair soon", REPORT, (text) => `${text}PAIR_WAIT_MS=3000\n`);
  const gitops = join(tree.folder, "gitops");
  cluster = await startUp(join(import.meta.dirname, "cli.ts"), ["--git", "--gitops", gitops]);
  await cluster.untilReady();
}, SLOW);

afterEach(async () => {
  await load?.stop();
});
afterAll(async () => {
  cluster.child.kill("SIGTERM");
  await cluster.child.exited;
  tree.remove();
});

async function podsOf(workload: string) {
  const { workloads } = await cluster.state();
  return workloads.filter(({ name }) => name === workload).flatMap(({ pods }) => pods);
}

test(
  "every check goes to the other model too, and the report pairs them",
  async () => {
    const readState = async () =>
      Mirrored.parse(await (await fetch(`${cluster.url}/_local/api/state`)).json());
    const readSent = async () =>
      (await readState()).traffic.mirrors.find(({ service }) => service === "model-service")?.sent;
    const readReport = async () => {
      const { workloads } = await readState();
      const port = workloads.find(({ name }) => name === "shadow-report")?.pods[0]?.ports["http"];
      const report = await fetch(`http://127.0.0.1:${port}/api/report?window=5m`);
      return Report.parse(await report.json());
    };
    for (let count = 0; count < 6; count++) {
      const answer = await fetch(`${cluster.url}/api/check`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ url: `https://example.org/${count}` }),
      });
      expect(answer.status).toBe(200);
    }
    await until("all are mirrored", async () => (await readSent()) === 6);
    await until("all are paired", async () => (await readReport()).pairs === 6);
    expect((await readReport()).unpaired).toEqual({ live: 0, mirror: 0 });
  },
  SLOW,
);

test.each([
  ["app-v1", "SIGTERM"],
  ["model-service-v1", "SIGTERM"],
  ["app-v1", "SIGKILL"],
  ["model-service-v1", "SIGKILL"],
] as const)(
  "a pod of %s that gets %s under load costs no answer",
  async (workload, signal) => {
    const restarts = async () =>
      (await podsOf(workload)).reduce((sum, pod) => sum + pod.restarts, 0);
    const before = await restarts();
    load = startLoad(cluster.url);
    const { answers } = load;
    await until("requests are answered", () => answers.length > 50);
    const [victim] = await podsOf(workload);
    process.kill(victim?.pid ?? 0, signal);
    await until("it is back", async () => {
      const pods = await podsOf(workload);
      return pods.every(({ phase }) => phase === "ready") && (await restarts()) > before;
    });
    const since = answers.length;
    await until("requests go on", () => answers.length > since + 50);
    expect(lossesIn(await load.stop())).toEqual([]);
  },
  SLOW,
);

test.each(["app-v1", "model-service-v1", "model-service-v2", "shadow-report"])(
  "a pod of %s that hangs under load costs no answer",
  async (workload) => {
    load = startLoad(cluster.url);
    const { answers } = load;
    await until("requests are answered", () => answers.length > 50);
    const [victim] = await podsOf(workload);
    const pid = victim?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    try {
      // Each of the four connections has met it, or would have.
      const since = answers.length;
      await until("requests go on", () => answers.length > since + 150, SLOW);
      expect(failuresIn(await load.stop())).toEqual([]);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await until("it is back", async () =>
      (await podsOf(workload)).every(({ phase }) => phase === "ready"),
    );
  },
  SLOW,
);

test(
  "a commit that moves the weight moves the split, without a failed answer or a new pod",
  async () => {
    const before = await cluster.pids();
    load = startLoad(cluster.url);
    const { answers } = load;
    await until("there is a split to see", () => answers.length >= 400, SLOW);
    // 10 %, give or take five standard deviations of 400 draws.
    expect(Math.abs(shareOfV2(answers) - 0.1)).toBeLessThan(0.075);
    commit("feat: move the weight", ROUTES, (text) =>
      text.replace("weight: 90", "weight: 50").replace("weight: 10", "weight: 50"),
    );
    await until("it is deployed", () => told("feat: move the weight"), SLOW);
    expect(told("spec.http[name=app].route[0].weight: 90 → 50")).toBe(true);
    const since = answers.length;
    await until("there is a split to see", () => answers.length >= since + 400, SLOW);
    expect(Math.abs(shareOfV2(answers.slice(since)) - 0.5)).toBeLessThan(0.125);
    expect(lossesIn(await load.stop())).toEqual([]);
    expect(await cluster.pids()).toEqual(before);
  },
  SLOW,
);

test(
  "a commit that changes the pods changes them over without a failed answer",
  async () => {
    const before = (await podsOf("app-v1")).map(({ name }) => name);
    load = startLoad(cluster.url);
    const { answers } = load;
    commit("feat: wait less long", "gitops/base/app/app.env", (text) =>
      text.replace(/MODEL_TIMEOUT_MS=\d+/, "MODEL_TIMEOUT_MS=800"),
    );
    await until("it is deployed", () => told("feat: wait less long"), SLOW);
    const since = answers.length;
    await until("requests go on", () => answers.length > since + 100);
    expect(lossesIn(await load.stop())).toEqual([]);
    await until("the old pods have gone", async () => {
      const after = await podsOf("app-v1");
      return !after.some(({ name }) => before.includes(name));
    });
    expect((await podsOf("app-v1")).map(({ phase }) => phase)).toEqual(["ready", "ready"]);
  },
  SLOW,
);

test.each([
  ["does not render", "resources:", "resourcez:", 'Cannot render overlay "production": '],
  ["cannot be routed", "timeout: 5s", "timeout: five", UNROUTABLE],
  ["routes to no pod", "subset: v2", "subset: v9", "(IST0101)"],
])(
  "a commit that %s is refused, and the last good one goes on",
  async (what, from, to, why) => {
    const before = (await cluster.state()).revision.text;
    const path = what === "does not render" ? "gitops/base/kustomization.yaml" : ROUTES;
    const subject = `fix: this ${what}`;
    commit(subject, path, (text) => text.replace(from, to));
    await until("it is refused", () => told(subject), SLOW);
    const line = cluster.lines.find((one) => one.includes(subject)) ?? "";
    expect(line).toStartWith("refused ");
    expect(line).toContain(why);
    expect(line).toEndWith(`; ${before} goes on`);
    const state = await cluster.state();
    expect(state.revision.text).toBe(before);
    expect(state.refused?.revision).toContain(subject);
    commit(`fix: mend what ${what}`, path, (text) => text.replace(to, from));
    await until(
      "it is mended",
      () => told(`deployed ${tree.git("rev-parse", "--short", "HEAD")}`),
      SLOW,
    );
    expect((await cluster.state()).refused).toBeNull();
  },
  SLOW,
);
