import type {
  Decision,
  Destination,
  Forward,
  Mesh,
  MeshRequest,
  Router,
  Source,
  TrafficPolicy,
} from "@hookline/mesh";

export const GATEWAY: Source = {
  kind: "gateway",
  labels: { istio: "ingressgateway" },
  namespace: "hookline",
  port: 80,
};

export function buildDestination(
  name: string,
  { subset, policy }: { subset?: string; policy?: TrafficPolicy } = {},
): Destination {
  const labels = { app: name, ...(subset === undefined ? {} : { version: subset }) };
  const fqdn = `${name}.hookline.svc.cluster.local`;
  const policed = policy === undefined ? {} : { policy };
  return { fqdn, port: 80, subset, labels, namespace: "hookline", ...policed };
}

/** A decision that changes nothing. */
export function buildForward(name: string, changes: Partial<Forward> = {}): Forward {
  return {
    kind: "forward",
    route: { virtualService: "hookline/app", route: "app", index: 0 },
    destination: buildDestination(name),
    request: { set: [], add: [], remove: [] },
    response: { set: [], add: [], remove: [] },
    mirrors: [],
    timeoutMs: undefined,
    retries: undefined,
    rewrite: undefined,
    fault: undefined,
    limits: undefined,
    ...changes,
  };
}

/** A decision that answers in the place of a pod. */
export function buildDirect(status: number, body?: string): Decision {
  return {
    kind: "direct",
    route: { index: 0, route: "r" },
    status,
    body,
    response: { set: [], add: [], remove: [] },
    limits: undefined,
  };
}

const replyPlainly: Router["reply"] = ({ status, body }) => ({
  status,
  body: body === "" ? undefined : { contentType: "text/plain", text: body },
  headers: [],
});

/** A mesh that decides as it is told; it has the Services `app` and `other`. */
export function createFakeMesh(
  decide: (request: MeshRequest, random: () => number, source: Source) => Decision,
  reply: Router["reply"] = replyPlainly,
): Mesh {
  return {
    router: (source) => ({
      reply,
      decide: (request, random) => decide(request, random, source),
      explain: (request) => ({
        notes: [],
        routes: [],
        outcomes: [{ percent: 100, decision: decide(request, () => 0, source) }],
      }),
    }),
    gateways: [],
    services: ["app", "other"].map((name) => ({
      namespace: "hookline",
      name,
      fqdn: `${name}.hookline.svc.cluster.local`,
      ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
      selector: { app: name },
    })),
    workloads: ["app", "other"].map((name) => ({
      kind: "Deployment" as const,
      namespace: "hookline",
      name,
      labels: { app: name },
      serviceAccount: name,
      ports: [{ name: "http", port: 8080 }],
    })),
  };
}
