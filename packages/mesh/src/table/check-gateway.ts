import { MeshError } from "../errors.ts";
import type { Resource } from "../resource.ts";
import type { GatewaySpec } from "../schema/kinds.ts";
import { checkGatewayValues } from "../validation/check-gateway-values.ts";

const HTTP = new Set(["HTTP", "HTTP2", "GRPC", "HTTPS"]);

/** Refuses servers whose connections are not requests: TCP, TLS that is passed through. */
export function checkGateway(resource: Resource<GatewaySpec>): void {
  const { id, spec } = resource;
  spec.servers.forEach(({ port, tls }, index) => {
    const field = `spec.servers[${index}]`;
    if (!HTTP.has(port.protocol.toUpperCase())) {
      const place = { code: "UNSUPPORTED", resource: id, field: `${field}.port.protocol` } as const;
      throw new MeshError(`A server of ${port.protocol} is not modelled`, place);
    }
    if (tls?.mode?.endsWith("PASSTHROUGH")) {
      const place = { code: "UNSUPPORTED", resource: id, field: `${field}.tls.mode` } as const;
      throw new MeshError("Connections that are passed through are not modelled", place);
    }
  });
  checkGatewayValues(resource);
}
