import { hostsForNamespace, intersect, overlaps, resolveShortName } from "../host.ts";
import type { Resource } from "../resource.ts";
import type { VirtualServiceSpec } from "../schema/virtual-service.ts";
import { selects } from "../visibility.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LintTree } from "./read-tree.ts";

type VirtualService = Resource<VirtualServiceSpec>;

/** Hosts of gateways and of VirtualServices on them and in the mesh. */
export function checkGateways(tree: LintTree): readonly LintMessage[] {
  return [...checkServers(tree), ...checkHosts(tree), ...checkTwins(tree)];
}

/** Two Gateways of the same pods, on one port, with hosts that overlap. */
function checkServers({ gateways }: LintTree): readonly LintMessage[] {
  return gateways.flatMap((one, index) =>
    gateways.slice(0, index).flatMap((other) => {
      const [own, theirs] = [one.spec.selector, other.spec.selector];
      if (!selects(own, theirs) || !selects(theirs, own)) return [];
      return one.spec.servers.flatMap((server, place) =>
        other.spec.servers
          .filter(({ port }) => port.number === server.port.number)
          .flatMap(({ hosts }) =>
            hosts.filter((host) => server.hosts.some((own) => overlaps(bare(own), bare(host)))),
          )
          .map((host) =>
            buildMessage(
              "IST0145",
              one.id,
              `spec.servers[${place}]`,
              `Conflict with gateways ${other.namespace}/${other.name} (port ${server.port.number}, host ${host})`,
            ),
          ),
      );
    }),
  );
}

function bare(host: string): string {
  return host.slice(host.indexOf("/") + 1);
}

/** The gateways of a VirtualService by "namespace/name"; the mesh is one. */
function listGateways({ namespace, spec }: VirtualService): readonly string[] {
  const names = spec.gateways ?? ["mesh"];
  return names.map((name) =>
    name === "mesh" || name.includes("/") ? name : `${namespace}/${name}`,
  );
}

/** A host that none of its gateway's servers takes. */
function checkHosts({ virtualServices, gateways }: LintTree): readonly LintMessage[] {
  return virtualServices.flatMap((one) =>
    listGateways(one).flatMap((name) => {
      const gateway = gateways.find((other) => `${other.namespace}/${other.name}` === name);
      if (gateway === undefined) return [];
      const served = hostsForNamespace(
        gateway.spec.servers.flatMap(({ hosts }) =>
          hosts.map((host) => host.replace(/^\.\//, `${gateway.namespace}/`)),
        ),
        one.namespace,
      );
      const lost = (one.spec.hosts ?? []).filter((host) => intersect([host], served).length === 0);
      const text = `Hosts ${lost.map((host) => `"${host}"`).join(", ")} not found in Gateway ${name}`;
      return lost.length === 0 ? [] : [buildMessage("IST0132", one.id, "spec.hosts", text)];
    }),
  );
}

/** Two VirtualServices of one host: on a gateway their routes are merged by age, in the mesh one is lost. */
function checkTwins({ virtualServices }: LintTree): readonly LintMessage[] {
  return virtualServices.flatMap((one, index) =>
    virtualServices.slice(0, index).flatMap((other) =>
      listGateways(one)
        .filter((gateway) => listGateways(other).includes(gateway) && sees(one, other))
        .flatMap((gateway) => {
          const hosts = listHosts(one).filter((host) => listHosts(other).includes(host));
          return hosts.map((host) =>
            gateway === "mesh"
              ? buildMessage(
                  "IST0109",
                  one.id,
                  "spec.hosts",
                  `The VirtualServices ${other.namespace}/${other.name}, ${one.namespace}/${one.name} associated with mesh gateway define the same host ${host}`,
                )
              : buildMessage(
                  "HKL0106",
                  one.id,
                  "spec.hosts",
                  `${other.id} routes "${host}" on gateway ${gateway} as well: which comes first is left to their age`,
                ),
          );
        }),
    ),
  );
}

function listHosts({ namespace, spec }: VirtualService): readonly string[] {
  return (spec.hosts ?? []).map((host) => resolveShortName(host, namespace));
}

/** Whether some namespace sees both: they share one, or both are for all. */
function sees(one: VirtualService, other: VirtualService): boolean {
  const visible = ({ namespace, spec }: VirtualService) =>
    (spec.exportTo ?? ["*"]).map((to) => (to === "." ? namespace : to));
  const [some, others] = [visible(one), visible(other)];
  return some.includes("*") || others.includes("*") || some.some((to) => others.includes(to));
}
