import { createServer, type Server, type Socket } from "node:net";
import { CoreV1Api, type V1Pod, type V1Service } from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";
import { type Connection, callApi } from "./connection.ts";

/** The oldest that the kubelet and the API server speak for ports; later ones are for shells. */
const PROTOCOLS = ["v4.channel.k8s.io"];
const DATA = 0;
const ERROR = 1;
/** Each channel starts with the port, as two bytes. */
const PORT_BYTES = 2;

/** A port of a Service. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** A port of a pod. */
interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

interface ForwardOptions {
  readonly target: ServicePort;
  /** The port on this machine; another where it is taken. */
  readonly localPort: number;
  /** Told of a connection that could not be made; the next one is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Listens on loopback, and carries each connection to a ready pod behind the Service, over a
 * WebSocket of its own. The pod is looked up each time, so that a restarted one is found.
 */
export async function forwardService(
  connection: Connection,
  { target, localPort, onError }: ForwardOptions,
): Promise<{ readonly port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: false }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    carry(connection, target, socket).catch((error: unknown) => {
      socket.destroy();
      onError(error);
    });
  });
  const port = await listen(server, localPort).catch(() => listen(server, 0));
  return {
    port,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

async function carry(connection: Connection, target: ServicePort, local: Socket): Promise<void> {
  const { namespace, pod, port } = await findPod(connection, target);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`;
  const remote = await connection.openSocket(path, PROTOCOLS);
  await new Promise<void>((resolve, reject) => {
    const begun = new Set<number>();
    remote.addEventListener("message", ({ data }) => {
      const frame = Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : String(data));
      const channel = frame[0] ?? DATA;
      const body = frame.subarray(begun.has(channel) ? 1 : 1 + PORT_BYTES);
      begun.add(channel);
      if (channel === ERROR && body.length > 0) reject(new Error(body.toString("utf8").trim()));
      if (channel === DATA && body.length > 0) local.write(body);
    });
    remote.addEventListener("close", () => {
      local.end();
      resolve();
    });
    local.on("data", (chunk) => remote.send(Buffer.concat([Buffer.of(DATA), Buffer.from(chunk)])));
    local.on("close", () => remote.close());
    local.resume();
  });
}

/** A ready pod behind the Service, and the number of its port. Says so where there is none yet. */
export async function findPod(connection: Connection, target: ServicePort): Promise<PodPort> {
  const { namespace, service: name } = target;
  const core = connection.api(CoreV1Api);
  const action = `find Service ${namespace}/${name}`;
  const service = await callApi(action, core.readNamespacedService({ name, namespace }));
  const labelSelector = Object.entries(service.spec?.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const { items } = await callApi(action, core.listNamespacedPod({ namespace, labelSelector }));
  const pod = items.find(isReady);
  if (pod === undefined) {
    throw new BootstrapError(
      `Cannot forward to Service ${namespace}/${name}: ${describeUnready(items.length)}`,
      { code: "NOT_FOUND", next: "See `bun run bootstrap status`" },
    );
  }
  return { namespace, pod: pod.metadata?.name ?? "", port: findPort(service, pod, target.port) };
}

function describeUnready(count: number): string {
  if (count === 0) return "it has no pods";
  return count === 1 ? "its pod is not ready" : `none of its ${count} pods is ready`;
}

function isReady({ status }: V1Pod): boolean {
  return (status?.conditions ?? []).some((one) => one.type === "Ready" && one.status === "True");
}

/** A Service may name the pod's port; then the pod knows its number. */
function findPort(service: V1Service, pod: V1Pod, wanted: number): number {
  const named = service.spec?.ports?.find(({ port }) => port === wanted)?.targetPort ?? wanted;
  const ports = pod.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  const number =
    typeof named === "number" ? named : ports.find(({ name }) => name === named)?.containerPort;
  return number ?? wanted;
}
