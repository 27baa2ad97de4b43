import { drawBy } from "./compile/chooser.ts";
import { explainByTable } from "./compile/explain.ts";
import { compileTable, decideByTable, noRoute } from "./compile/router.ts";
import { indexDestinationRules } from "./destination-rules.ts";
import { readServices, readWorkloads } from "./registry.ts";
import { readKind, sortByAge } from "./resource.ts";
import { DestinationRuleSpec } from "./schema/destination-rule.ts";
import { GatewaySpec } from "./schema/kinds.ts";
import { VirtualServiceSpec } from "./schema/virtual-service.ts";
import { buildGatewayTable } from "./table/gateway.ts";
import type { RouteTable } from "./table/route-table.ts";
import { buildSidecarTable } from "./table/sidecar.ts";
import { bindVirtualServices } from "./table/virtual-services.ts";
import type { JsonObject, Mesh, MeshGateway, MeshRequest, Router, Source } from "./types.ts";
import { isVisibleTo } from "./visibility.ts";

export interface CreateMeshOptions {
  /** Whose rules hold for every namespace; "istio-system" unless given. */
  readonly rootNamespace?: string;
  /** istiod's PILOT_SCOPE_GATEWAY_TO_NAMESPACE; false unless given, as in Istio. */
  readonly scopeGatewayToNamespace?: boolean;
}

const NETWORKING = "networking.istio.io";

/** Reads the resources of a mesh. Throws a MeshError for what is wrong or not modelled. */
export function createMesh(
  resources: readonly JsonObject[],
  options: CreateMeshOptions = {},
): Mesh {
  const build = readTables(resources, options);
  return {
    router: (source) => createRouter(source, build),
    gateways: build.gateways,
    services: build.services,
    workloads: readWorkloads(resources),
  };
}

type Tables = ReturnType<typeof readTables>;

/** Reads everything once; gives the table of a source and a port. */
function readTables(resources: readonly JsonObject[], options: CreateMeshOptions) {
  const { rootNamespace = "istio-system", scopeGatewayToNamespace = false } = options;
  const read = { group: NETWORKING };
  const gateways = sortByAge(readKind(resources, { ...read, kind: "Gateway", spec: GatewaySpec }));
  const virtualServices = bindVirtualServices(
    sortByAge(readKind(resources, { ...read, kind: "VirtualService", spec: VirtualServiceSpec })),
  );
  const rules = readKind(resources, {
    ...read,
    kind: "DestinationRule",
    spec: DestinationRuleSpec,
  });
  const services = readServices(resources);
  const subsetsOf = indexDestinationRules(rules, rootNamespace);
  const table = (source: Source, port: number): RouteTable | undefined => {
    const { namespace, labels } = source;
    const visible = virtualServices.filter(({ resource }) =>
      isVisibleTo(resource.spec.exportTo, resource.namespace, namespace),
    );
    const known = new Map(services.map((one) => [one.fqdn, one]));
    const context = { namespace, labels, subsetsOf, services: known };
    if (source.kind === "workload") {
      return buildSidecarTable({ virtualServices: visible, context, port });
    }
    const scopeToNamespace = scopeGatewayToNamespace;
    return buildGatewayTable({
      gateways,
      virtualServices: visible,
      context,
      port,
      scopeToNamespace,
    });
  };
  return { gateways: gateways.flatMap(listServers), services, table };
}

function listServers({ namespace, name, spec }: ReturnType<typeof readKind<GatewaySpec>>[number]) {
  return spec.servers.map(
    ({ port, hosts }): MeshGateway => ({
      namespace,
      name,
      port: port.number,
      protocol: port.protocol,
      hosts,
      selector: spec.selector,
    }),
  );
}

function createRouter(source: Source, { table }: Tables): Router {
  const limitsOf = () => undefined;
  const compiled = new Map<number, ReturnType<typeof compileTable> | undefined>();
  const find = (port: number) => {
    if (!compiled.has(port)) {
      const found = table(source, port);
      compiled.set(port, found && compileTable(found));
    }
    return compiled.get(port);
  };
  const portOf =
    source.kind === "gateway" ? () => source.port : ({ port }: MeshRequest) => port ?? 80;
  return {
    decide(request, random) {
      const found = find(portOf(request));
      if (found === undefined) return noRoute(`No server listens on port ${portOf(request)}`);
      return decideByTable(found, request, { choose: drawBy(random), limitsOf });
    },
    explain(request) {
      const found = find(portOf(request));
      if (found !== undefined) return explainByTable(found, request, limitsOf);
      const decision = noRoute(`No server listens on port ${portOf(request)}`);
      return { notes: [], routes: [], outcomes: [{ percent: 100, decision }] };
    },
  };
}
