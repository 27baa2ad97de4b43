import { createMesh } from "../create-mesh.ts";
import { readManifests } from "../read-manifests.ts";
import type { Decision, Source } from "../types.ts";
import { buildRequest } from "./requests.ts";

// A Gateway and HTTPRoutes of a test, and where a request goes by them.

export const SERVICES = ["app", "web", "gate"]
  .map(
    (name) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { ${name === "gate" ? "istio: ingressgateway" : `app: ${name}`} }, ports: [{ name: http, port: 80 }] }
---`,
  )
  .join("");

export const gateway = (listeners = "[{ name: http, port: 80, protocol: HTTP }]", more = "") => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: front, namespace: shop }
spec: { gatewayClassName: istio, listeners: ${listeners}${more} }
---`;

export const route = (rules: string, more = "", name = "r", namespace = "shop") => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ${namespace} }
spec: { parentRefs: [{ name: front, namespace: shop }], rules: ${rules}${more} }
---`;

export const SOURCE: Source = {
  kind: "gateway",
  labels: { "gateway.networking.k8s.io/gateway-name": "front" },
  namespace: "shop",
  port: 80,
};
export const TO_APP = "backendRefs: [{ name: app, port: 80 }]";
export const TO_WEB = "backendRefs: [{ name: web, port: 80 }]";

export function decide(
  text: string,
  given: Parameters<typeof buildRequest>[0] = {},
  { source = SOURCE, random = 0 } = {},
): Decision {
  return createMesh(readManifests(SERVICES + text))
    .router(source)
    .decide(buildRequest(given), () => random);
}

/** Where a request goes: the Service's name, or the status. */
export function where(decision: Decision): string | number {
  return decision.kind === "forward"
    ? (decision.destination.fqdn.split(".")[0] ?? "")
    : decision.status;
}
