import type { ZodType } from "zod";
import { indexDestinationRules } from "./destination-rules.ts";
import { readRegistry } from "./registry.ts";
import { type Resource, readKind, sortByAge } from "./resource.ts";
import { DestinationRuleSpec } from "./schema/destination-rule.ts";
import { GatewaySpec } from "./schema/kinds.ts";
import { SidecarSpec } from "./schema/sidecar.ts";
import { VirtualServiceSpec } from "./schema/virtual-service.ts";
import { type OutboundPolicy, scopeGateway, scopeWorkload } from "./sidecar-scope.ts";
import { checkGateway } from "./table/check-gateway.ts";
import { buildGatewayTable } from "./table/gateway.ts";
import type { RouteTable } from "./table/route-table.ts";
import { buildSidecarTable } from "./table/sidecar.ts";
import { bindVirtualServices } from "./table/virtual-services.ts";
import type { JsonObject, MeshGateway, MeshService, Source } from "./types.ts";
import { checkDestinationRule } from "./validation/check-destination-rule.ts";
import { checkSidecar } from "./validation/check-sidecar.ts";

export interface TableOptions {
  readonly rootNamespace?: string;
  readonly scopeGatewayToNamespace?: boolean;
  readonly outboundTrafficPolicy?: OutboundPolicy;
}

export interface Tables {
  readonly gateways: readonly MeshGateway[];
  readonly services: readonly MeshService[];
  /** The routes of a source at a port; undefined where a gateway does not listen. */
  build(source: Source, port: number): RouteTable | undefined;
}

/** Reads every resource that bears on routes, once. Throws a MeshError. */
export function readTables(resources: readonly JsonObject[], options: TableOptions): Tables {
  const { rootNamespace = "istio-system", outboundTrafficPolicy: outbound = "ALLOW_ANY" } = options;
  const { gateways, virtualServices, rules, sidecars } = readNetworking(resources);
  const services = readRegistry(resources);
  const ruleOf = indexDestinationRules(rules, rootNamespace);
  const build = (source: Source, port: number): RouteTable | undefined => {
    const { namespace, labels } = source;
    const input = {
      services,
      virtualServices,
      sidecars,
      namespace,
      labels,
      rootNamespace,
      outbound,
    };
    const isGateway = source.kind === "gateway";
    const scope = isGateway ? scopeGateway(input) : scopeWorkload(input, port);
    const context = { namespace, labels, ruleOf, services: scope.destinations };
    if (!isGateway) return buildSidecarTable({ ...scope, context, port });
    const scopeToNamespace = options.scopeGatewayToNamespace ?? false;
    const { virtualServices: visible } = scope;
    return buildGatewayTable({
      gateways,
      virtualServices: visible,
      context,
      port,
      scopeToNamespace,
    });
  };
  return { gateways: gateways.flatMap(listServers), services, build };
}

function readNetworking(resources: readonly JsonObject[]) {
  const read = <Spec>(kind: string, spec: ZodType<Spec>) =>
    readKind(resources, { group: "networking.istio.io", kind, spec });
  const gateways = sortByAge(read("Gateway", GatewaySpec));
  for (const gateway of gateways) checkGateway(gateway);
  const rules = read("DestinationRule", DestinationRuleSpec);
  for (const rule of rules) checkDestinationRule(rule);
  const sidecars = read("Sidecar", SidecarSpec);
  for (const sidecar of sidecars) checkSidecar(sidecar);
  return {
    gateways,
    virtualServices: bindVirtualServices(read("VirtualService", VirtualServiceSpec)),
    rules,
    sidecars,
  };
}

function listServers({ namespace, name, spec }: Resource<GatewaySpec>): MeshGateway[] {
  return spec.servers.map(({ port, hosts }) => ({
    namespace,
    name,
    port: port.number,
    protocol: port.protocol,
    hosts,
    selector: spec.selector,
  }));
}
