import { afterEach, expect, test } from "bun:test";
import { readdirSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import * as z from "zod";
import { UpError } from "../errors.ts";
import { createTestFleet, PROBES, workloadsOf } from "../testing/fleet.ts";
import { configMap, deployment } from "../testing/manifests.ts";
import { isAlive, until } from "../testing/until.ts";
import type { Fleet } from "./fleet.ts";

const SLOW = 120_000;
const Environment = z.record(z.string(), z.string());
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function open(options?: Parameters<typeof createTestFleet>[0]) {
  const opened = createTestFleet(options);
  ends.push(opened.end);
  return opened;
}

type Parts = NonNullable<Parameters<typeof deployment>[1]> & {
  readonly variables?: Readonly<Record<string, string>>;
};

function web({ container = {}, spec = {}, variables = {}, ...parts }: Parts = {}) {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return deployment("web", {
    ...parts,
    spec: { replicas: 1, ...spec },
    container: { ...PROBES, env, ...container },
  });
}

const quick = { signal: new AbortController().signal, patienceMs: 10_000 };
const podsOf = (fleet: Fleet) =>
  fleet.deployments.flatMap(({ pods }) => pods.map((p) => p.state()));
const call = (fleet: Fleet, path: string, at = 0) =>
  fetch(`http://127.0.0.1:${fleet.ready()[at]?.ports.get("http")}${path}`);

test(
  "a fleet runs as many pods as are wanted, each with its ports by name and by number",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web({ spec: { replicas: 2 } })), quick);
    const [one, other] = fleet.ready();
    expect(fleet.ready()).toHaveLength(2);
    expect(one?.workload).toBe("web");
    expect(one?.ports.get(8080)).toBe(one?.ports.get("http"));
    expect(one?.ports.get("http")).not.toBe(other?.ports.get("http"));
    const metrics = await fetch(`http://127.0.0.1:${one?.ports.get("metrics")}`);
    expect(await metrics.text()).toBe("metrics");
  },
  SLOW,
);

test(
  "a pod gets its environment and its files, and nothing of ours",
  async () => {
    process.env["VARIANT_OF_MINE"] = "leaked";
    const { fleet, runFolder } = open();
    const manifest = web({
      variables: { MODEL_URL: "http://model", CONFIG: "/etc/web/a.conf", ABOVE: "/etc", ROOT: "/" },
      container: {
        volumeMounts: [
          { name: "c", mountPath: "/etc/web" },
          { name: "c", mountPath: "/one", subPath: "a.conf" },
        ],
      },
      pod: { volumes: [{ name: "c", configMap: { name: "files" } }] },
    });
    await fleet.rollOut(workloadsOf(manifest, configMap("files", { "a.conf": "hello" })), quick);
    const environment = Environment.parse(await (await call(fleet, "/")).json());
    expect(environment).toMatchObject({ MODEL_URL: "http://127.0.0.1:1", ROOT: "/" });
    expect(environment["VARIANT_OF_MINE"]).toBeUndefined();
    expect(environment["ABOVE"]).toStartWith(runFolder);
    const path = encodeURIComponent(environment["CONFIG"] ?? "");
    expect(await (await call(fleet, `/file?path=${path}`)).text()).toBe("hello");
    await fleet.stop();
    expect(readdirSync(runFolder)).toEqual([]);
  },
  SLOW,
);

test(
  "a pod that says it is not ready is no endpoint until it is again",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web()), quick);
    const url = `http://127.0.0.1:${fleet.ready()[0]?.ports.get("http")}`;
    await fetch(`${url}/set?what=ready&to=no`);
    await until("the pod has left the endpoints", () => fleet.ready().length === 0);
    expect(podsOf(fleet)).toMatchObject([{ phase: "unready", restarts: 0 }]);
    await fetch(`${url}/set?what=ready&to=yes`);
    await until("the pod is an endpoint again", () => fleet.ready().length === 1);
  },
  SLOW,
);

test(
  "a pod that is not alive is started anew",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web()), quick);
    const [before] = podsOf(fleet);
    await call(fleet, "/set?what=live&to=no");
    await until("the pod was restarted and is ready", () =>
      podsOf(fleet).every(({ restarts, phase }) => restarts === 1 && phase === "ready"),
    );
    const [after] = podsOf(fleet);
    expect(after?.name).toBe(before?.name ?? "");
    expect(after?.pid).not.toBe(before?.pid ?? null);
  },
  SLOW,
);

test(
  "a pod that ends is no endpoint at once, says why, and comes back",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web()), quick);
    const changes: unknown[] = [];
    fleet.subscribe(() => changes.push([fleet.ready().length, podsOf(fleet)[0]?.phase]));
    await call(fleet, "/die").catch(() => undefined);
    await until(
      "it is back",
      () => podsOf(fleet).every(({ restarts }) => restarts === 1) && fleet.ready().length === 1,
    );
    // Before its last words are read, that is, for which a restart waits.
    expect(changes[0]).toEqual([0, "unready"]);
    expect(podsOf(fleet)[0]?.lastEnd).toStartWith("exit code 3, its last line was: ");
  },
  SLOW,
);

test(
  "a new template is changed over without ever having fewer ready pods than wanted",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web({ spec: { replicas: 2 } })), quick);
    const before = podsOf(fleet).map(({ name }) => name);
    let fewest = 2;
    let most = 2;
    fleet.subscribe(() => {
      fewest = Math.min(fewest, fleet.ready().length);
      most = Math.max(most, podsOf(fleet).filter(({ phase }) => phase !== "stopping").length);
    });
    await fleet.rollOut(
      workloadsOf(web({ spec: { replicas: 2 }, variables: { NEW: "1" } })),
      quick,
    );
    const after = fleet.ready().map(({ pod }) => pod);
    expect(after).toHaveLength(2);
    expect(after.filter((name) => before.includes(name))).toEqual([]);
    expect([fewest, most]).toEqual([2, 3]);
  },
  SLOW,
);

test(
  "Recreate ends the old pods before it starts the new ones",
  async () => {
    const { fleet } = open();
    const spec = { strategy: { type: "Recreate" } };
    await fleet.rollOut(workloadsOf(web({ spec })), quick);
    let most = 0;
    fleet.subscribe(() => {
      most = Math.max(most, podsOf(fleet).length);
    });
    await fleet.rollOut(workloadsOf(web({ spec, variables: { NEW: "1" } })), quick);
    expect(fleet.ready()).toHaveLength(1);
    expect(most).toBe(1);
  },
  SLOW,
);

test(
  "the same template again changes nothing, other replicas only the number",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web()), quick);
    const [pod] = fleet.ready();
    await fleet.rollOut(workloadsOf(web({ spec: { replicas: 3 } })), quick);
    expect(fleet.ready().map(({ pod: name }) => name)).toContain(pod?.pod ?? "");
    expect(fleet.ready()).toHaveLength(3);
    await fleet.rollOut(workloadsOf(web()), quick);
    expect(fleet.ready()).toHaveLength(1);
  },
  SLOW,
);

test(
  "a Deployment with other labels runs beside the old one until it is pruned",
  async () => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web()), quick);
    const next = workloadsOf(web({ labels: { "app.kubernetes.io/version": "v2" } }));
    await fleet.rollOut(next, quick);
    expect(fleet.ready().map(({ version }) => version)).toEqual(["", "v2"]);
    await fleet.prune(next);
    expect(fleet.ready().map(({ version }) => version)).toEqual(["v2"]);
  },
  SLOW,
);

test.each([
  [
    "ends at its start",
    { CRASH: "no model here" },
    "PROGRAM_ENDED",
    "its last line was: no model here",
  ],
  ["does not get ready", { UNREADY: "1" }, "NOT_READY", "not ready within 2 s: web-"],
] as const)(
  "a change to a pod that %s is refused, and the old pods go on",
  async (_, variables, code, why) => {
    const { fleet } = open();
    await fleet.rollOut(workloadsOf(web({ spec: { replicas: 2 } })), quick);
    const before = fleet.ready().map(({ pod }) => pod);
    const change = workloadsOf(
      web({ spec: { replicas: 2 }, variables }),
      deployment("new", { container: PROBES }),
    );
    const error = await fleet
      .rollOut(change, { ...quick, patienceMs: 2000 })
      .catch((reason: unknown) => reason);
    if (!(error instanceof UpError)) throw new Error("Expected an UpError", { cause: error });
    expect(error.code).toBe(code);
    expect(error.message).toContain(why);
    expect(fleet.ready().map(({ pod }) => pod)).toEqual(before);
  },
  SLOW,
);

test("a program that cannot be started is refused as one that ends, and ends nothing else", async () => {
  const { fleet } = open({ programsDir: "/nowhere" });
  const refused = fleet.rollOut(workloadsOf(web()), quick);
  await expect(refused).rejects.toThrow(
    /^Cannot run web: its pod web-\S+ ends at its start: it cannot be started in "\/nowhere\/app": ENOENT/,
  );
});

test(
  "a pod whose files cannot be removed has ended all the same, and that is told",
  async () => {
    const { fleet, runFolder, lines } = open();
    await fleet.rollOut(workloadsOf(web()), quick);
    // A link that leads to itself is refused to everybody, root too.
    rmSync(runFolder, { recursive: true });
    symlinkSync(runFolder, runFolder);
    await fleet.stop();
    unlinkSync(runFolder);
    expect(podsOf(fleet)).toEqual([]);
    expect(lines.at(-1)).toStartWith("Cannot remove the pod's files: ");
  },
  SLOW,
);

test(
  "a pod that does not listen to SIGTERM is ended by force after its grace period",
  async () => {
    const { fleet } = open();
    const pod = { terminationGracePeriodSeconds: 1 };
    await fleet.rollOut(workloadsOf(web({ pod, variables: { STUBBORN: "1" } })), quick);
    const [state] = podsOf(fleet);
    await fleet.stop();
    expect(isAlive(state?.pid ?? 0)).toBe(false);
  },
  SLOW,
);

test(
  "a pod answers what is under way before it ends",
  async () => {
    const { fleet } = open();
    const lifecycle = { preStop: { sleep: { seconds: 5 } } };
    await fleet.rollOut(workloadsOf(web({ container: { lifecycle } })), quick);
    const answer = call(fleet, "/slow?ms=100");
    const stopped = fleet.stop();
    expect(fleet.ready()).toEqual([]);
    expect(await (await answer).text()).toBe("slow");
    await stopped;
  },
  SLOW,
);

test(
  "stop() in the middle of a start ends it, and nothing is started after",
  async () => {
    const { fleet } = open();
    const started = fleet.rollOut(workloadsOf(web({ variables: { UNREADY: "1" } })), quick);
    await until("a pod has started", () => podsOf(fleet).some(({ pid }) => pid !== null));
    await fleet.stop();
    await started;
    expect(podsOf(fleet)).toEqual([]);
  },
  SLOW,
);
