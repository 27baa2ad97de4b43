import { type Connection, createConnection } from "../kube/connection.ts";
import { readKubeConfig } from "../kube/kubeconfig.ts";

/** A connection by a kubeconfig file and nothing of this machine's own. */
export function connectTo(kubeconfig: string): Connection {
  return createConnection(readKubeConfig({ kubeconfig, root: "/", environment: {} }));
}
