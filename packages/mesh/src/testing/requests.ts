import type { GatewaySource, MeshRequest } from "../types.ts";

/** A request of a test: GET / at a host, unless said otherwise. */
export function buildRequest(
  given: Partial<Omit<MeshRequest, "header">> & {
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): MeshRequest {
  const { headers = {}, ...rest } = given;
  return {
    method: "GET",
    authority: "hookline.test",
    path: "/",
    scheme: "http",
    clientAddress: "192.0.2.1",
    header: (name) => headers[name],
    ...rest,
  };
}

/** The gateway of our overlays: its pods run in istio-system's neighbour, the overlay's namespace. */
export function buildGatewaySource(namespace: string): GatewaySource {
  return { kind: "gateway", labels: { istio: "ingressgateway" }, namespace, port: 80 };
}
