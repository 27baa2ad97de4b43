import type { Decision, MeshRequest, Router, Source } from "@hookline/mesh";
import {
  type AccessLogEntry,
  createDataPlane,
  type DataPlane,
  type DataPlaneOptions,
} from "../data-plane.ts";
import type { Endpoint } from "../endpoints.ts";
import type { StatusPage } from "../status-handler.ts";
import { buildForward, createFakeMesh, GATEWAY } from "./fake-mesh.ts";

export interface StartPlaneOptions
  extends Partial<Pick<DataPlaneOptions, "limiter" | "now" | "random">> {
  readonly decide?: (request: MeshRequest, random: () => number, source: Source) => Decision;
  /** What becomes of the proxy's own answers. */
  readonly reply?: Router["reply"];
  /** Real ports: each is a pod of `app`. */
  readonly backends?: readonly number[];
  readonly endpoints?: readonly Endpoint[];
  readonly status?: StatusPage;
}

export interface StartedPlane {
  readonly plane: DataPlane;
  readonly port: number;
  readonly url: string;
  readonly lines: AccessLogEntry[];
  setEndpoints(endpoints: readonly Endpoint[]): void;
}

export function buildEndpoint(port: number, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    pod: `app-${port}`,
    namespace: "hookline",
    labels: { app: "app" },
    workload: "app",
    version: "v1",
    ports: new Map<string | number, number>([
      ["http", port],
      [8080, port],
    ]),
    ...changes,
  };
}

const started: DataPlane[] = [];

/** A gateway on a free port before the backends. */
export async function startPlane(options: StartPlaneOptions = {}): Promise<StartedPlane> {
  let ready = options.endpoints ?? (options.backends ?? []).map((port) => buildEndpoint(port));
  const listeners = new Set<() => void>();
  const lines: AccessLogEntry[] = [];
  const plane = createDataPlane({
    mesh: createFakeMesh(options.decide ?? (() => buildForward("app")), options.reply),
    endpoints: {
      ready: () => ready,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    limiter: options.limiter ?? (() => ({ overall: "OK", statuses: [], headers: [] })),
    log: (line) => lines.push(line),
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.random === undefined ? {} : { random: options.random }),
  });
  started.push(plane);
  const status = options.status === undefined ? {} : { status: options.status };
  const { port } = await plane.listenGateway({
    host: "127.0.0.1",
    port: 0,
    source: () => GATEWAY,
    ...status,
  });
  return {
    plane,
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    setEndpoints(endpoints) {
      ready = endpoints;
      for (const listener of listeners) listener();
    },
  };
}

/** For afterEach(). */
export async function stopPlanes(): Promise<void> {
  await Promise.all(started.splice(0).map((plane) => plane.stop({ drainMs: 0 })));
}
