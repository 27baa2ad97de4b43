import { isSubsetOf, resolveShortName } from "../host.ts";
import type { KnownService } from "../registry.ts";
import type { Resource } from "../resource.ts";
import type { DestinationRuleSpec } from "../schema/destination-rule.ts";
import type { DestinationSpec, RouteSpec } from "../schema/virtual-service.ts";
import { selects } from "../visibility.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LintTree } from "./read-tree.ts";

/** What resources say of others: gateways, hosts, ports, subsets, and the pods behind them. */
export function checkReferences(tree: LintTree): readonly LintMessage[] {
  return [
    ...tree.virtualServices.flatMap((one) => [
      ...(one.spec.gateways ?? []).flatMap((name, index) =>
        checkGatewayName(tree, one, { name, field: `spec.gateways[${index}]` }),
      ),
      ...(one.spec.http ?? []).flatMap((route, index) =>
        listDestinations(route, `spec.http[${index}]`).flatMap((destination) =>
          checkDestination(tree, one, destination),
        ),
      ),
    ]),
    ...checkRules(tree),
  ];
}

interface Named {
  readonly name: string;
  readonly field: string;
}

function checkGatewayName(
  { gateways }: LintTree,
  { id, namespace }: Resource<unknown>,
  { name, field }: Named,
) {
  if (name === "mesh") return [];
  const wished = name.includes("/") ? name : `${namespace}/${name}`;
  const found = gateways.some((one) => `${one.namespace}/${one.name}` === wished);
  return found
    ? []
    : [buildMessage("IST0101", id, field, `Referenced gateway not found: "${name}"`)];
}

interface PlacedDestination {
  readonly destination: DestinationSpec;
  readonly field: string;
}

/** Live and mirrored ones. */
function listDestinations(route: RouteSpec, field: string): readonly PlacedDestination[] {
  return [
    ...(route.route ?? []).map(({ destination }, index) => ({
      destination,
      field: `${field}.route[${index}].destination`,
    })),
    ...(route.mirror === undefined
      ? []
      : [{ destination: route.mirror, field: `${field}.mirror` }]),
    ...(route.mirrors ?? []).map(({ destination }, index) => ({
      destination,
      field: `${field}.mirrors[${index}].destination`,
    })),
  ];
}

function findService(services: readonly KnownService[], host: string): KnownService | undefined {
  return (
    services.find(({ fqdn }) => fqdn === host) ??
    services.find(({ fqdn }) => isSubsetOf(host, fqdn))
  );
}

function checkDestination(
  { services, destinationRules }: LintTree,
  { id, namespace }: Resource<unknown>,
  { destination, field }: PlacedDestination,
): readonly LintMessage[] {
  const { host, subset, port } = destination;
  const fqdn = resolveShortName(host, namespace);
  const service = findService(services, fqdn);
  if (service === undefined) {
    return [buildMessage("IST0101", id, `${field}.host`, `Referenced host not found: "${host}"`)];
  }
  const ports = service.ports.map((one) => one.port);
  const known = destinationRules.some(
    (rule) =>
      resolveShortName(rule.spec.host, rule.namespace) === fqdn &&
      rule.spec.subsets.some(({ name }) => name === subset),
  );
  return [
    ...(subset === undefined || known
      ? []
      : [
          buildMessage(
            "IST0101",
            id,
            `${field}.subset`,
            `Referenced host+subset in destinationrule not found: "${host}+${subset}"`,
          ),
        ]),
    ...checkPort(id, field, { host, wished: port?.number, ports }),
  ];
}

function checkPort(
  id: string,
  field: string,
  { host, wished, ports }: { host: string; wished: number | undefined; ports: readonly number[] },
): readonly LintMessage[] {
  if (wished !== undefined && !ports.includes(wished)) {
    const text = `The service "${host}" has no port ${wished}, it has ${ports.join(", ")}`;
    return [buildMessage("HKL0101", id, `${field}.port`, text)];
  }
  if (wished !== undefined || ports.length < 2) return [];
  const text = `The service "${host}" exposes multiple ports ${ports.join(", ")}: say which one`;
  return [buildMessage("IST0112", id, `${field}.port`, text)];
}

/** DestinationRules: their host, their subsets, one for each host. */
function checkRules(tree: LintTree): readonly LintMessage[] {
  const { destinationRules, services } = tree;
  return destinationRules.flatMap((rule, index) => {
    const { id, name, namespace, spec } = rule;
    const fqdn = resolveShortName(spec.host, namespace);
    const matched = services.filter(
      (one) => isSubsetOf(one.fqdn, fqdn) || isSubsetOf(fqdn, one.fqdn),
    );
    const twin = destinationRules
      .slice(0, index)
      .find(
        (one) =>
          one.namespace === namespace &&
          resolveShortName(one.spec.host, namespace) === fqdn &&
          !isJoined(one.spec, spec),
      );
    const lost = `The host ${spec.host} matches no service`;
    const twice = `${twin?.id} is for "${spec.host}" as well as ${name}`;
    const [service, another] = matched;
    return [
      ...(service === undefined ? [buildMessage("IST0174", id, "spec.host", lost)] : []),
      ...(twin === undefined ? [] : [buildMessage("HKL0105", id, "spec.host", twice)]),
      // A rule for many hosts may have subsets that only some of them fill.
      ...(service === undefined || another !== undefined ? [] : checkSubsets(tree, rule, service)),
    ];
  });
}

/** Whether Istio joins two rules of one host to a rule that has all of both: of a second policy or subset it keeps nothing. */
function isJoined(one: DestinationRuleSpec, other: DestinationRuleSpec): boolean {
  const names = one.subsets.map(({ name }) => name);
  return (
    (one.trafficPolicy === undefined || other.trafficPolicy === undefined) &&
    !other.subsets.some(({ name }) => names.includes(name)) &&
    [one, other].every((each) => (each.exportTo ?? each.workloadSelector) === undefined)
  );
}

function checkSubsets(
  { workloads }: LintTree,
  { id, spec }: LintTree["destinationRules"][number],
  { namespace, selector }: KnownService,
): readonly LintMessage[] {
  const pods = workloads.filter(
    (one) => one.namespace === namespace && selects(selector, one.labels),
  );
  return spec.subsets.flatMap((subset, place) => {
    const text = `The subset ${subset.name} does not select any pods of ${spec.host}`;
    return pods.some(({ labels }) => selects(subset.labels, labels))
      ? []
      : [buildMessage("IST0173", id, `spec.subsets[${place}]`, text)];
  });
}
