import type { z } from "zod";
import { MeshError } from "../errors.ts";
import { translateHttpRoutes } from "../http-route/index.ts";
import { type LimitFilter, readEnvoyFilters } from "../limits/envoy-filters.ts";
import { type KnownService, readRegistry, readWorkloads } from "../registry.ts";
import { type Resource, readKind } from "../resource.ts";
import { DestinationRuleSpec } from "../schema/destination-rule.ts";
import { GatewaySpec } from "../schema/kinds.ts";
import { ServiceEntrySpec, SidecarSpec } from "../schema/sidecar.ts";
import { VirtualServiceSpec } from "../schema/virtual-service.ts";
import { AuthorizationPolicySpec, PeerAuthenticationSpec } from "../security/schema.ts";
import { checkVirtualService } from "../table/check-route.ts";
import type { JsonObject, MeshWorkload } from "../types.ts";
import { checkDestinationRule } from "../validation/check-destination-rule.ts";
import { checkGatewayValues } from "../validation/check-gateway-values.ts";
import { checkAuthorizationPolicy, checkPeerAuthentication } from "../validation/check-policies.ts";
import { checkSidecar } from "../validation/check-sidecar.ts";
import { buildMessage, type LintMessage } from "./message.ts";

/** What the checks look at: every resource that can be read. */
export interface LintTree {
  readonly resources: readonly JsonObject[];
  readonly virtualServices: readonly Resource<VirtualServiceSpec>[];
  readonly destinationRules: readonly Resource<DestinationRuleSpec>[];
  readonly gateways: readonly Resource<GatewaySpec>[];
  readonly sidecars: readonly Resource<SidecarSpec>[];
  readonly policies: readonly Resource<AuthorizationPolicySpec | PeerAuthenticationSpec>[];
  readonly envoyFilters: readonly LimitFilter[];
  readonly services: readonly KnownService[];
  readonly workloads: readonly MeshWorkload[];
}

/** Reads resource by resource: one that is wrong becomes a message, and the others are still checked. */
export function readTree(given: readonly JsonObject[]): {
  readonly tree: LintTree;
  readonly messages: readonly LintMessage[];
} {
  const messages: LintMessage[] = [];
  const resources = translate(given, (message) => messages.push(message));
  const each = <One>(read: (some: readonly JsonObject[]) => readonly One[]): One[] =>
    resources.flatMap((resource) => {
      try {
        return read([resource]);
      } catch (error) {
        messages.push(explain(error, resource));
        return [];
      }
    });
  const networking = <Spec>(kind: string, spec: z.ZodType<Spec>) =>
    each((some) => readKind(some, { group: "networking.istio.io", kind, spec }));
  networking("ServiceEntry", ServiceEntrySpec);
  const virtualServices = networking("VirtualService", VirtualServiceSpec);
  const checked = <One>(found: readonly One[], check: (one: One) => void): readonly One[] => {
    for (const one of found) {
      const message = explainFailure(() => check(one));
      if (message !== undefined) messages.push(message);
    }
    return found;
  };
  const policies = each((some) =>
    readSecurity(some, "AuthorizationPolicy", AuthorizationPolicySpec),
  );
  const peers = each((some) => readSecurity(some, "PeerAuthentication", PeerAuthenticationSpec));
  const tree = {
    resources,
    virtualServices: checked(virtualServices, checkVirtualService),
    destinationRules: checked(
      networking("DestinationRule", DestinationRuleSpec),
      checkDestinationRule,
    ),
    gateways: checked(networking("Gateway", GatewaySpec), checkGatewayValues),
    sidecars: checked(networking("Sidecar", SidecarSpec), checkSidecar),
    policies: [
      ...checked(policies, checkAuthorizationPolicy),
      ...checked(peers, checkPeerAuthentication),
    ],
    envoyFilters: each(readEnvoyFilters),
    services: each(readRegistry),
    workloads: each(readWorkloads),
  };
  // A ServiceEntry is read twice, and says twice what is wrong with it.
  const once = new Map(messages.map((one) => [JSON.stringify(one), one]));
  return { tree, messages: [...once.values()] };
}

/** With a fault in one HTTPRoute none of them is checked further: they are translated together. */
function translate(
  given: readonly JsonObject[],
  report: (message: LintMessage) => void,
): readonly JsonObject[] {
  try {
    return translateHttpRoutes(given);
  } catch (error) {
    report(explain(error, {}));
    return given;
  }
}

function readSecurity<Spec>(some: readonly JsonObject[], kind: string, spec: z.ZodType<Spec>) {
  return readKind(some, { group: "security.istio.io", kind, spec });
}

/** What is wrong with the resources, if a part of the mesh cannot be made of them. */
export function explainFailure(make: () => void): LintMessage | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return explain(error, {});
  }
}

function explain(error: unknown, resource: JsonObject): LintMessage {
  if (!(error instanceof MeshError)) throw error;
  const code = error.code === "UNSUPPORTED" ? "HKL0001" : "IST0106";
  // The message names the resource and the field first, which the columns show already.
  const where = [error.resource, error.field].filter((one) => one !== undefined).join(" ");
  const text = error.message.startsWith(`${where}: `)
    ? error.message.slice(where.length + 2)
    : error.message;
  return buildMessage(code, error.resource ?? String(resource["kind"]), error.field, text);
}
