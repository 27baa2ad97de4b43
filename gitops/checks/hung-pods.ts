import type { Decision, Mesh, MeshRequest, Source } from "@hookline/mesh";
import { askMesh } from "./ask-mesh.ts";
import type { Finding } from "./finding.ts";
import { GATEWAY_POD } from "./pods.ts";
import type { Tree } from "./tree.ts";

/** Time enough for another pod of the model, also a busy one. */
const ANSWER_MS = 300;

/**
 * A pod that hangs costs no answer: each try has a limit of its own, longer than what an answer
 * takes and short enough that another pod still answers in time.
 */
export function checkHungPods(tree: Tree): Finding[] {
  const [waits] = tree.configMaps.flatMap(({ data }) => data["MODEL_TIMEOUT_MS"] ?? []);
  if (waits === undefined || tree.gateways.length === 0) return [];
  return askMesh(tree, (mesh) => findFaults(tree, mesh, Number(waits)));
}

function findFaults(tree: Tree, mesh: Mesh, modelMs: number): Finding[] {
  const [namespace = "default"] = tree.services.flatMap(({ metadata }) => metadata.namespace ?? []);
  const tryMs = (source: Source, authority: string) =>
    readTryMs(mesh.router(source).decide(buildRequest(authority), () => 0));
  const gateway = { kind: "gateway", labels: GATEWAY_POD.labels, namespace, port: 80 } as const;
  const page = tryMs(gateway, "hookline.example");
  const caller = { kind: "workload", namespace, labels: {}, serviceAccount: "app" } as const;
  // Where nothing routes to the model, Istio's own retries hold, which have no such limit.
  const hasRoute = tree.virtualServices.some(({ spec }) => spec.hosts.includes("model-service"));
  const model = hasRoute ? tryMs(caller, "model-service") : 0;
  const found = (name: string, message: string): Finding => ({
    check: "hung-pod",
    resource: `VirtualService/${name}`,
    message,
  });
  const isPageGood = page > modelMs && page !== Infinity;
  return [
    ...(isPageGood
      ? []
      : [found("app", `a try lasts ${page} ms, and the page waits ${modelMs} ms for the model`)]),
    ...(model + ANSWER_MS <= modelMs
      ? []
      : [
          found(
            "model-service",
            `a try lasts ${model} ms, which leaves another pod less than ${ANSWER_MS} of ${modelMs} ms`,
          ),
        ]),
  ];
}

function readTryMs(decision: Decision): number {
  if (decision.kind !== "forward") return Infinity;
  return decision.retries?.perTryTimeoutMs ?? Infinity;
}

function buildRequest(authority: string): MeshRequest {
  return {
    method: "POST",
    path: "/",
    authority,
    scheme: "http",
    clientAddress: "127.0.0.1",
    header: () => undefined,
  };
}
