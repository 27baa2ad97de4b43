import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Resource } from "./checks/kinds.ts";
import { goldenPath } from "./golden.ts";
import { findJudge } from "./judges.ts";
import { parseResources, renderResources, TREE } from "./render.ts";
import { type Health, type Sync, simulateSync } from "./sync-simulation.ts";

// That a wave waits is a matter of two things: Argo CD's rule, and what it takes for healthy. The
// rule is simulated; health of an application is our Lua, run by the interpreter that Argo CD has.
// `bun run test:cluster` sees Argo CD's own programs do it.

const glua = findJudge("glua");
if (glua === undefined)
  console.warn(
    "gitops/waves.test.ts: glua is not installed, the health of applications is not run",
  );

const KEY = "resource.customizations.health.argoproj.io_Application";
const ConfigMap = z.object({ data: z.record(z.string(), z.string()) });
const script =
  ConfigMap.parse(
    parse(readFileSync(join(TREE, "platform", "argo-cd", "argocd-cm-patch.yaml"), "utf8")),
  ).data[KEY] ?? "";

/** What Argo CD's documentation proposes: it believes the application's own word. */
const BELIEVING = `hs = { status = "Progressing", message = "" }
if obj.status ~= nil and obj.status.health ~= nil then hs.status = obj.status.health.status end
return hs`;

const Value: z.ZodType<unknown> = z.json();
function writeLua(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, one]) => `["${key}"] = ${writeLua(one)}`);
  return `{ ${fields.join(", ")} }`;
}

const Status = z.enum(["Healthy", "Progressing", "Degraded", "Missing"]);
/** What a health script says of an application. */
function judge(text: string, status: unknown): Health {
  const application = writeLua(Value.parse({ kind: "Application", ...(status ? { status } : {}) }));
  const program = `local obj = ${application}\nlocal function judge()\n${text}\nend\nprint(judge().status)`;
  const { stdout, stderr } = Bun.spawnSync([glua ?? "glua", "-e", program]);
  if (stderr.length > 0) throw new Error(`Cannot run the health script: ${stderr}`);
  return Status.parse(stdout.toString().trim());
}

const health = (status: string) => ({ health: { status } });
const sync = (status: string) => ({ sync: { status } });
const operation = (phase: string) => ({ operationState: { phase } });

const STATUSES: readonly (readonly [name: string, status: unknown, health: Health])[] = [
  ["was not looked at", undefined, "Progressing"],
  ["was not compared", {}, "Progressing"],
  ["is compared, without health", sync("OutOfSync"), "Progressing"],
  ["has nothing yet", { ...health("Missing"), ...sync("OutOfSync") }, "Missing"],
  [
    "has nothing to apply, because its manifests could not be made",
    { ...health("Healthy"), ...sync("Unknown") },
    "Progressing",
  ],
  [
    "is healthy before its first sync is through",
    { ...health("Healthy"), ...sync("OutOfSync"), ...operation("Running") },
    "Progressing",
  ],
  [
    "is healthy after a sync that failed",
    { ...health("Healthy"), ...sync("OutOfSync"), ...operation("Failed") },
    "Progressing",
  ],
  [
    "starts its pods",
    { ...health("Progressing"), ...sync("Synced"), ...operation("Succeeded") },
    "Progressing",
  ],
  [
    "has pods that fail",
    { ...health("Degraded"), ...sync("Synced"), ...operation("Succeeded") },
    "Degraded",
  ],
  ["is through", { ...health("Healthy"), ...sync("Synced"), ...operation("Succeeded") }, "Healthy"],
  [
    "is healthy and has drifted since",
    { ...health("Healthy"), ...sync("OutOfSync"), ...operation("Succeeded") },
    "Healthy",
  ],
];

const applications = renderResources(join(TREE, "applications")).map((one) => Resource.parse(one));
/** What has to be healthy before what is applied, and why. */
const NEEDS = [
  ["AppProject/platform", "Application/istio-base", "an application needs its project"],
  ["AppProject/hookline", "ApplicationSet/hookline", "an application needs its project"],
  ["Application/istio-base", "Application/istio-cni", "Istio's CRDs"],
  ["Application/istio-cni", "Application/istiod", "pods are injected for the CNI when it is there"],
  ["Application/istiod", "ApplicationSet/hookline", "sidecars"],
  ["Application/kube-prometheus-stack", "Application/argo-cd", "the CRD of ServiceMonitor"],
  ["Application/kube-prometheus-stack", "Application/sealed-secrets", "the CRD of ServiceMonitor"],
  ["Application/kube-prometheus-stack", "ApplicationSet/hookline", "the CRD of ServiceMonitor"],
  ["Application/sealed-secrets", "ApplicationSet/hookline", "the CRD of SealedSecret"],
] as const;

/** The life of an application, a status a step; the last one stays. */
const ELSEWHERE = ["has pods that fail", "is healthy and has drifted since"];
const LIFE = STATUSES.filter(([name]) => !ELSEWHERE.includes(name)).map(([, status]) => status);
const READY = LIFE.length - 1;

/** Has the applications synced, with each one's health as a script sees it; none: no script at all. */
function run(text: string | undefined, life = LIFE, resources = applications): Sync {
  const seen = life.map((status) => (text === undefined ? undefined : judge(text, status)));
  return simulateSync(resources, {
    healthAt: ({ kind }, age) =>
      kind === "Application" ? seen[Math.min(age, seen.length - 1)] : undefined,
    steps: 200,
  });
}
/** The needs that a sync did not keep: what was applied before what it needs was through. */
function listBroken({ appliedAt }: Sync): string[] {
  return NEEDS.filter(([first, then]) => {
    const ready = (appliedAt.get(first) ?? 0) + (first.startsWith("Application/") ? READY : 0);
    return (appliedAt.get(then) ?? Number.POSITIVE_INFINITY) < ready;
  }).map(([first, then]) => `${then} before ${first}`);
}

describe.skipIf(glua === undefined)("an application, as our Lua judges it,", () => {
  test.each([...STATUSES])("that %s", (_, status, expected) => {
    expect(judge(script, status)).toBe(expected);
  });

  test("finds a planted fault: the word of an application that deployed nothing is believed", () => {
    const wrong = STATUSES.filter(([, status, expected]) => judge(BELIEVING, status) !== expected);
    expect(wrong.map(([name]) => name)).toContain(
      "has nothing to apply, because its manifests could not be made",
    );
  });
});

describe.skipIf(glua === undefined)("the waves of the root application", () => {
  test("are all run, each when what it needs is through", () => {
    const done = run(script);
    expect(done.phase).toBe("succeeded");
    expect(done.appliedAt.size).toBe(applications.length);
    expect(listBroken(done)).toEqual([]);
  });

  test("stop where an application never gets through", () => {
    const stuck = LIFE.slice(0, 5);
    const { phase, appliedAt } = run(script, stuck);
    expect(phase).toBe("running");
    expect([...appliedAt.keys()]).toContain("Application/istio-base");
    expect([...appliedAt.keys()]).not.toContain("Application/istio-cni");
  });

  test("fail where an application is degraded, so that Argo CD tries again", () => {
    const failing = STATUSES.filter(([name]) => name === "has pods that fail");
    const { phase, appliedAt } = run(script, [undefined, ...failing.map(([, status]) => status)]);
    expect(phase).toBe("failed");
    expect([...appliedAt.keys()]).not.toContain("Application/istio-cni");
  });

  test.each([
    ["no health of applications", undefined, applications],
    ["health as the application says", BELIEVING, applications],
    ["every application in one wave", script, setWaves(/^Application/, "1")],
    ["istiod with its CRDs", script, setWaves(/^istiod$/, "1")],
    ["the overlays first", script, setWaves(/^hookline$/, "0")],
    ["monitors before their CRD", script, setWaves(/^argo-cd$/, "3")],
  ])("find a planted fault: %s", (_, text, resources) => {
    expect(listBroken(run(text, LIFE, resources))).not.toEqual([]);
  });
});

function setWaves(pattern: RegExp, wave: string, resources = applications): Resource[] {
  return resources.map((one) =>
    pattern.test(one.metadata.name) || pattern.test(one.kind)
      ? {
          ...one,
          metadata: {
            ...one.metadata,
            annotations: { ...one.metadata.annotations, "argocd.argoproj.io/sync-wave": wave },
          },
        }
      : one,
  );
}

describe("the waves of an overlay", () => {
  const read = (overlay: string) =>
    parseResources(readFileSync(goldenPath(overlay), "utf8")).map((one) => Resource.parse(one));
  /** Pods are there after some steps, unless they are of the broken; an autoscaler has no metrics yet. */
  const live =
    (broken: string) =>
    ({ kind, metadata }: Resource, age: number): Health => {
      if (kind === "HorizontalPodAutoscaler") return "Degraded";
      if (kind !== "Deployment") return undefined;
      return age > 3 && metadata.name !== broken ? "Healthy" : "Progressing";
    };

  test("all come, and a share goes to the canary when its pods are ready", () => {
    const resources = read("production");
    const { phase, appliedAt } = simulateSync(resources, { healthAt: live("") });
    expect(phase).toBe("succeeded");
    expect(appliedAt.size).toBe(new Set(resources.map(nameOf)).size);
    const [route, pods] = ["VirtualService/app", "Deployment/app-v2"].map(
      (name) => appliedAt.get(name) ?? 0,
    );
    expect(route).toBeGreaterThan((pods ?? 0) + 3);
  });

  test("keep visitors from a canary whose pods never get ready", () => {
    const { phase, appliedAt } = simulateSync(read("canary"), { healthAt: live("app-v2") });
    expect(phase).toBe("running");
    expect([...appliedAt.keys()]).toContain("Deployment/app-v2");
    expect([...appliedAt.keys()]).not.toContain("VirtualService/app");
  });

  test("find a planted fault: the share with the pods", () => {
    const resources = setWaves(/^VirtualService$/, "0", read("canary"));
    const { appliedAt } = simulateSync(resources, { healthAt: live("app-v2") });
    expect([...appliedAt.keys()]).toContain("VirtualService/app");
  });

  test("find a planted fault: an autoscaler before the routes", () => {
    const resources = setWaves(/^HorizontalPodAutoscaler$/, "0", read("production"));
    const { phase, appliedAt } = simulateSync(resources, { healthAt: live("") });
    expect(phase).toBe("failed");
    expect([...appliedAt.keys()]).not.toContain("VirtualService/app");
  });
});

function nameOf({ kind, metadata }: Resource): string {
  return `${kind}/${metadata.name}`;
}
