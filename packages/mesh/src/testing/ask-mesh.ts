import type { CreateMeshOptions } from "../create-mesh.ts";
import type { WorkloadSource } from "../types.ts";
import { buildMesh, decide, GATEWAY, tell } from "./build-mesh.ts";

// What requests meet in a mesh of a few manifests, in a word.

export const to = (destination: string, match = "") =>
  `[{ ${match === "" ? "" : `match: [${match}], `}route: [{ destination: { ${destination} } }] }]`;
export const V1 = to("host: one, subset: v1");
export const V2 = to("host: one, subset: v2");
export const workload = (namespace = "demo", labels = {}): WorkloadSource => ({
  kind: "workload",
  namespace,
  labels,
});
export const join = (...parts: readonly string[]) => parts.join("\n---\n");

interface Asked {
  readonly host: string;
  readonly from?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly path?: string;
  readonly options?: CreateMeshOptions;
}

/** What a workload's request meets. */
export function ask(manifests: string, asked: Asked): string {
  const { host, from = "demo", labels = {}, port = 80, path = "/", options = {} } = asked;
  const router = buildMesh(manifests, options).router(workload(from, labels));
  return tell(decide(router, { authority: host, port, path }));
}

/** What a request from outside meets. */
export const askGateway = (manifests: string, host: string, options: CreateMeshOptions = {}) =>
  tell(decide(buildMesh(manifests, options).router(GATEWAY), { authority: host }));
