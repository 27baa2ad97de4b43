import { z } from "zod";
import { MeshError } from "./errors.ts";
import { parseWith, readGroup } from "./resource.ts";
import type { JsonObject } from "./types.ts";

/** Groups whose every kind may bear on a request; a kind of them that is not known is refused. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "extensions.istio.io": [],
  "gateway.networking.k8s.io": ["Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant"],
  "networking.istio.io": [
    "DestinationRule",
    "EnvoyFilter",
    "Gateway",
    // How a proxy is started.
    "ProxyConfig",
    "ServiceEntry",
    "Sidecar",
    "VirtualService",
  ],
  "security.istio.io": ["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"],
};

const Named = z.looseObject({
  kind: z.string().default(""),
  metadata: z
    .looseObject({ name: z.string().default(""), namespace: z.string().default("default") })
    .default({ name: "", namespace: "default" }),
});

/** Throws UNSUPPORTED for a resource that may bear on requests and is not modelled, INVALID for one without names. */
export function refuseUnknownKinds(resources: readonly JsonObject[]): void {
  for (const resource of resources) {
    const group = readGroup(resource["apiVersion"]);
    const { kind, metadata } = parseWith(Named, resource, String(resource["kind"]));
    const isIngress = group === "networking.k8s.io" && kind.startsWith("Ingress");
    if (!isIngress && KNOWN[group]?.includes(kind) !== false) continue;
    throw new MeshError(`A ${kind} of ${group} is not modelled`, {
      code: "UNSUPPORTED",
      resource: `${kind}/${metadata.namespace}/${metadata.name}`,
    });
  }
}
