import type { Refusal, Security } from "../security/index.ts";
import type {
  Destination,
  HeaderOps,
  MeshRequest,
  MeshService,
  MeshWorkload,
  Source,
} from "../types.ts";
import { selects } from "../visibility.ts";
import type { Choose } from "./chooser.ts";

/** Whether a gateway's own proxy refuses a request. */
export type FrontGuard = (request: MeshRequest) => Refusal | undefined;
/** Whether the proxy of the pod that is called refuses it; pods of one destination may differ. */
export type BackGuard = (request: MeshRequest, choose: Choose) => Refusal | undefined;

/** What refuses a request: before the routes are looked at, and behind a destination. */
export interface Guards {
  readonly front: FrontGuard | undefined;
  behind(destination: Destination): BackGuard | undefined;
}

/** Who asks, whom there is to ask, and the policies between them. */
export interface GuardOptions {
  readonly security: Security;
  readonly source: Source;
  readonly services: readonly MeshService[];
  readonly workloads: readonly MeshWorkload[];
}

/** No pod has this address: a gateway's own is not in the manifests. */
const UNKNOWN_ADDRESS = "0.0.0.0";

/** The guards of a source; undefined where no policy applies. */
export function compileGuards(options: GuardOptions): Guards {
  return { front: compileFront(options), behind: (one) => compileBack(one, options) };
}

function compileFront({ security, source }: GuardOptions): FrontGuard | undefined {
  if (source.kind !== "gateway") return undefined;
  const ask = security.authorizer(source);
  const { port } = source;
  return (
    ask &&
    ((request) =>
      ask({ request, principal: undefined, sourceAddress: request.clientAddress, port }))
  );
}

function compileBack(destination: Destination, options: GuardOptions): BackGuard | undefined {
  const { security, source } = options;
  if (Object.keys(destination.labels).length === 0) return undefined;
  const own = options.workloads.filter(
    ({ namespace, labels }) =>
      namespace === destination.namespace && selects(destination.labels, labels),
  );
  // Without manifests of the pods their selector is what is known of them.
  const pods = own.length > 0 ? own : [{ ...destination, ports: [] }];
  const guards = pods.map((pod) => ({
    ask: security.authorizer(pod),
    port: findPort(destination, pod, options.services),
  }));
  if (guards.every(({ ask }) => ask === undefined)) return undefined;
  const account = (source.kind === "workload" ? source.serviceAccount : undefined) ?? "default";
  const principal = `cluster.local/ns/${source.namespace}/sa/${account}`;
  return (request, choose) => {
    const sourceAddress = source.kind === "workload" ? request.clientAddress : UNKNOWN_ADDRESS;
    const verdicts = guards.map(({ ask, port }) =>
      ask?.({ request, principal, sourceAddress, port }),
    );
    const [first] = verdicts;
    const agree = verdicts.every((one) => one?.policy === first?.policy);
    return agree ? first : verdicts[choose(verdicts.map(() => 1))];
  };
}

/** The port of the pod behind the port of the Service. */
function findPort(
  { fqdn, port }: Destination,
  pod: Pick<MeshWorkload, "ports">,
  services: readonly MeshService[],
): number {
  const service = services.find((one) => one.fqdn === fqdn);
  const target = service?.ports.find((one) => one.port === port)?.targetPort ?? port;
  if (typeof target === "number") return target;
  return pod.ports.find(({ name }) => name === target)?.port ?? port;
}

/** What a route changes in a request. */
export interface Rewritten {
  readonly path: string;
  readonly authority: string;
  readonly headers: HeaderOps;
}

/** The request as the callee's proxy gets it. */
export function rewriteRequest(
  request: MeshRequest,
  { path, authority, headers }: Rewritten,
): MeshRequest {
  const removed = new Set(headers.remove);
  const set = new Map(headers.set);
  const header = (name: string) => {
    const kept = removed.has(name) ? undefined : (set.get(name) ?? request.header(name));
    const added = headers.add.filter(([key]) => key === name).map(([, value]) => value);
    const all = [...(kept === undefined ? [] : [kept]), ...added];
    return all.length === 0 ? undefined : all.join(",");
  };
  const { method, scheme, clientAddress } = request;
  return { method, scheme, clientAddress, path, authority, header };
}
