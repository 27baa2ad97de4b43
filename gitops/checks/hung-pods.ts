import type { Decision, Mesh, MeshRequest, Source } from "@hookline/mesh";
import { askMesh } from "./ask-mesh.ts";
import type { Finding } from "./finding.ts";
import { GATEWAY_POD } from "./pods.ts";
import type { Tree } from "./tree.ts";

/** Time enough for another pod of the model, also a busy one. */
const ANSWER_MS = 300;

/** One for each route that a visitor may be given (architecture, the order of the gateway's routes). */
const VISITORS: readonly Readonly<Record<string, string>>[] = [
  {},
  { "user-type": "test-user" },
  { "user-type": "normal-user" },
  { cookie: "hookline-version=v1" },
  { cookie: "hookline-version=v2" },
];

/**
 * A pod that hangs costs no answer: each try has a limit of its own, longer than what an answer
 * takes and short enough that another pod still answers in time; and all tries fit in the time
 * of their route.
 */
export function checkHungPods(tree: Tree): Finding[] {
  const [waits] = tree.configMaps.flatMap(({ data }) => data["MODEL_TIMEOUT_MS"] ?? []);
  if (waits === undefined || tree.gateways.length === 0) return [];
  return askMesh(tree, (mesh) => [
    ...checkPage(tree, mesh, Number(waits)),
    ...checkModel(tree, mesh, Number(waits)),
  ]);
}

function checkPage(tree: Tree, mesh: Mesh, modelMs: number): Finding[] {
  const gateway = {
    kind: "gateway",
    labels: GATEWAY_POD.labels,
    namespace: readNamespace(tree),
    port: 80,
  } as const;
  return VISITORS.flatMap((headers) => {
    const tries = readTries(mesh, gateway, buildRequest("hookline.example", headers));
    const isGood = tries.eachMs > modelMs && tries.eachMs !== Infinity;
    const told = `a try lasts ${tries.eachMs} ms, and the page waits ${modelMs} ms for the model`;
    return [...(isGood ? [] : [find("app", tries, told)]), ...checkSum("app", tries)];
  });
}

function checkModel(tree: Tree, mesh: Mesh, modelMs: number): Finding[] {
  // Where nothing routes to the model, Istio's own retries hold, which have no such limit.
  const hasRoute = tree.virtualServices.some(({ spec }) => spec.hosts.includes("model-service"));
  if (!hasRoute) return [];
  const caller = {
    kind: "workload",
    namespace: readNamespace(tree),
    labels: {},
    serviceAccount: "app",
  } as const;
  const tries = readTries(mesh, caller, buildRequest("model-service", {}));
  const isGood = tries.eachMs + ANSWER_MS <= modelMs;
  const told = `a try lasts ${tries.eachMs} ms, which leaves another pod less than ${ANSWER_MS} of ${modelMs} ms`;
  return [
    ...(isGood ? [] : [find("model-service", tries, told)]),
    ...checkSum("model-service", tries),
  ];
}

interface Tries {
  readonly route: string;
  readonly eachMs: number;
  readonly count: number;
  readonly timeoutMs: number;
}

function readTries(mesh: Mesh, source: Source, request: MeshRequest): Tries {
  const decision: Decision = mesh.router(source).decide(request, () => 0);
  if (decision.kind !== "forward") return { route: "", eachMs: Infinity, count: 0, timeoutMs: 0 };
  const { route, retries, timeoutMs = Infinity } = decision;
  const eachMs = retries?.perTryTimeoutMs ?? Infinity;
  return { route: route.route ?? "", eachMs, count: 1 + (retries?.attempts ?? 0), timeoutMs };
}

/** Envoy ends the last try when the time of the route is up. */
function checkSum(name: string, tries: Tries): Finding[] {
  const { eachMs, count, timeoutMs } = tries;
  if (eachMs === Infinity || eachMs * count <= timeoutMs) return [];
  const told = count === 1 ? "1 try" : `${count} tries`;
  const not = count === 1 ? "does not" : "do not";
  return [find(name, tries, `${told} of ${eachMs} ms ${not} fit in ${timeoutMs} ms`)];
}

function find(name: string, { route }: Tries, told: string): Finding {
  const resource = `VirtualService/${name}`;
  return { check: "hung-pod", resource, message: `route "${route}": ${told}` };
}

function readNamespace(tree: Tree): string {
  return tree.services.find(({ metadata }) => metadata.namespace)?.metadata.namespace ?? "default";
}

function buildRequest(authority: string, headers: Readonly<Record<string, string>>): MeshRequest {
  return {
    method: "POST",
    path: "/",
    authority,
    scheme: "http",
    clientAddress: "127.0.0.1",
    header: (name) => headers[name],
  };
}
