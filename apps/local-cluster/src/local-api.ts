import type { ClusterState } from "./cluster-state.ts";
import type { DataPlane } from "./data-plane/data-plane.ts";

export interface LocalApiOptions {
  readonly state: () => ClusterState;
  readonly dataPlane: Pick<DataPlane, "metrics" | "snapshot">;
}

/** Answers what programs ask of the cluster; undefined for any other path. */
export function createLocalApi({ state, dataPlane }: LocalApiOptions) {
  return (request: Request): Response | undefined => {
    const { pathname } = new URL(request.url);
    if (pathname === "/_local/api/state") {
      return Response.json({ ...state(), traffic: dataPlane.snapshot() });
    }
    if (pathname === "/_local/metrics") {
      return new Response(dataPlane.metrics(), {
        headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
      });
    }
    return undefined;
  };
}
