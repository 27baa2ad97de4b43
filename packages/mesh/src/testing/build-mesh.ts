import { type CreateMeshOptions, createMesh } from "../create-mesh.ts";
import { readManifests } from "../read-manifests.ts";
import type { Decision, Router } from "../types.ts";
import { buildRequest } from "./requests.ts";

/** A Gateway for every host, the Services one and two, and subsets v1 and v2 of one; in "demo". */
const FRAME = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: demo }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { name: http, number: 80, protocol: HTTP }, hosts: ["*"] }]
---
apiVersion: v1
kind: Service
metadata: { name: one, namespace: demo }
spec: { selector: { app: one }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: two, namespace: demo }
spec: { selector: { app: two }, ports: [{ name: http, port: 80 }, { name: http-b, port: 81 }, { name: tcp, port: 90 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: one, namespace: demo }
spec: { host: one, subsets: [{ name: v1, labels: { v: "1" } }, { name: v2, labels: { v: "2" } }] }
`;

export const GATEWAY = {
  kind: "gateway",
  labels: { istio: "ingressgateway" },
  namespace: "demo",
  port: 80,
} as const;

/** The frame with further manifests. */
export function buildMesh(manifests: string, options: CreateMeshOptions = {}) {
  return createMesh(readManifests(`${FRAME}\n---\n${manifests}`), options);
}

/** The frame with a VirtualService "vs" at the gateway: its `http` as YAML in flow style. */
export function buildRouter(http: string, options: CreateMeshOptions = {}): Router {
  return buildMesh(virtualService({ http }), options).router(GATEWAY);
}

export interface VirtualServiceText {
  readonly http: string;
  readonly name?: string;
  readonly namespace?: string;
  /** Further fields of the spec; hosts and gateways unless given. */
  readonly spec?: string;
}

export function virtualService({
  http,
  name = "vs",
  namespace = "demo",
  spec = 'hosts: ["*"], gateways: [front]',
}: VirtualServiceText): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec}, http: ${http} }
`;
}

export function decide(
  router: Router,
  given: Parameters<typeof buildRequest>[0] = {},
  random: () => number = () => 0,
): Decision {
  return router.decide(buildRequest(given), random);
}

/** In short: "one:80/v1", "301 http://…", "404 NR", "418 text". */
export function tell(decision: Decision): string {
  switch (decision.kind) {
    case "forward": {
      const { fqdn, port, subset } = decision.destination;
      const name = fqdn.replace(/\.demo\.svc\.cluster\.local$/, "");
      return `${name}:${port}${subset === undefined ? "" : `/${subset}`}`;
    }
    case "redirect":
      return `${decision.status} ${decision.location}`;
    case "direct":
      return `${decision.status} ${decision.body ?? ""}`.trim();
    case "denied":
      return `403 ${decision.policy}`;
    case "none":
      return `${decision.status} ${decision.flag}`;
  }
}
