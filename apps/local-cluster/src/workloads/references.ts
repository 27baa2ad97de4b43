import type { ClusterService } from "./resources.ts";

/** A Service's port that a value names. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface ReplaceReferencesOptions {
  /** The namespace that short names are of. */
  readonly namespace: string;
  readonly services: readonly ClusterService[];
  /** The loopback port to put in place. */
  readonly portOf: (reference: ServiceReference) => number;
}

const URL_HOST = /\b(https?):\/\/([a-z0-9][a-z0-9.-]*)(?::(\d{1,5}))?(?=[/?#\s,]|$)/gi;
const HOST_AND_PORT = /^([a-z0-9][a-z0-9.-]*):(\d{1,5})$/i;

/**
 * Puts loopback addresses in place of Services in a variable's value: in URLs
 * (`http://model-service`, `http://model-service.hookline.svc.cluster.local:80/x`), and in a value
 * or an item of a comma-separated list that is `host:port`. Names of no Service stay.
 */
export function replaceReferences(value: string, options: ReplaceReferencesOptions): string {
  const address = (host: string, port: number): string | undefined => {
    const service = findService(host, options);
    return service && `127.0.0.1:${options.portOf({ ...service, port })}`;
  };
  const urls = value.replace(URL_HOST, (found, scheme: string, host: string, port?: string) => {
    const fallback = scheme.toLowerCase() === "https" ? 443 : 80;
    const local = address(host, port === undefined ? fallback : Number(port));
    return local === undefined ? found : `${scheme}://${local}`;
  });
  return urls
    .split(",")
    .map((item) => {
      const [, host = "", port = ""] = HOST_AND_PORT.exec(item) ?? [];
      return (host !== "" && address(host, Number(port))) || item;
    })
    .join(",");
}

function findService(
  host: string,
  { namespace, services }: ReplaceReferencesOptions,
): { readonly namespace: string; readonly name: string } | undefined {
  const [name = "", space = namespace, ...rest] = host.toLowerCase().split(".");
  if (!["", "svc", "svc.cluster.local"].includes(rest.join("."))) return undefined;
  const service = services.find((known) => known.name === name && known.namespace === space);
  return service && { namespace: space, name };
}
