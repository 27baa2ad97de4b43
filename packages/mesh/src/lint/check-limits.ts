import { intersect, resolveShortName } from "../host.ts";
import type { LimitFilter, LimitsPatch, ListenerPatch } from "../limits/envoy-filters.ts";
import { selects } from "../visibility.ts";
import { checkRulesReached } from "./check-rules-reached.ts";
import { buildMessage, type LintMessage } from "./message.ts";
import type { LimiterSource } from "./read-limiters.ts";
import type { LintTree } from "./read-tree.ts";

/** The filter, its lists of actions, the limiter behind it and its rules: each needs the others. */
export function checkLimits(
  tree: LintTree,
  limiters: readonly LimiterSource[] | undefined,
): readonly LintMessage[] {
  return [
    ...checkWiring(tree.envoyFilters),
    ...tree.envoyFilters.flatMap((filter) => [
      ...checkSelector(tree, filter),
      ...filter.patches.flatMap((patch) => {
        if (patch.kind === "local-reply") return [];
        return patch.kind === "filter" ? checkService(tree, patch) : checkHost(tree, patch);
      }),
    ]),
    ...(limiters === undefined ? [] : checkRulesReached(tree.envoyFilters, limiters)),
  ];
}

function checkWiring(filters: readonly LimitFilter[]): readonly LintMessage[] {
  const patches = filters.flatMap((filter) => filter.patches);
  const [filter] = patches.filter(({ kind }) => kind === "filter");
  const [list] = patches.filter(({ kind }) => kind === "virtual-host" || kind === "route");
  if (filter !== undefined && list === undefined) {
    return [
      buildMessage(
        "HKL0201",
        filter.resource,
        filter.field,
        "No list of actions is there: the limiter is never asked",
      ),
    ];
  }
  if (list !== undefined && filter === undefined) {
    return [
      buildMessage(
        "HKL0201",
        list.resource,
        list.field,
        "No rate-limit filter is there: the lists ask nobody",
      ),
    ];
  }
  return [];
}

/** The pods of a gateway come from its chart: its selector stands for them. */
function checkSelector(
  { workloads, gateways }: LintTree,
  { namespace, name, selector }: LimitFilter,
): readonly LintMessage[] {
  const found =
    Object.keys(selector).length === 0 ||
    gateways.some(({ spec }) => selects(selector, spec.selector)) ||
    workloads.some((one) => selects(selector, one.labels));
  const text = "No gateway and no workload has the labels";
  return found
    ? []
    : [buildMessage("HKL0203", `EnvoyFilter/${namespace}/${name}`, "spec.workloadSelector", text)];
}

function checkService(
  { services }: LintTree,
  patch: ListenerPatch & { readonly kind: "filter" },
): readonly LintMessage[] {
  const { cluster_name } = patch.filter.rate_limit_service.grpc_service.envoy_grpc;
  const [, port, , host] = cluster_name.split("|");
  const found = services.some(
    (one) => one.fqdn === host && one.ports.some((other) => String(other.port) === port),
  );
  return found
    ? []
    : [
        buildMessage(
          "HKL0204",
          patch.resource,
          `${patch.field}.patch.value`,
          `The cluster "${cluster_name}" is no port of a Service`,
        ),
      ];
}

/** The virtual hosts and routes that a proxy has, by the names that Istio gives them. */
function checkHost(tree: LintTree, patch: LimitsPatch): readonly LintMessage[] {
  const vhost = patch.match?.vhost;
  const name = vhost?.name ?? "";
  const route = patch.kind === "route" ? (vhost?.route?.name ?? "") : "";
  const routes = tree.virtualServices.flatMap(({ spec }) => spec.http ?? []);
  const field = `${patch.field}.match.routeConfiguration.vhost`;
  return [
    ...(name === "" || listHostNames(tree).has(name)
      ? []
      : [
          buildMessage(
            "HKL0202",
            patch.resource,
            `${field}.name`,
            `No virtual host is named "${name}"`,
          ),
        ]),
    ...(route === "" || routes.some((one) => one.name === route)
      ? []
      : [
          buildMessage("HKL0202", patch.resource, `${field}.route`, `No route is named "${route}"`),
        ]),
  ];
}

/** "host:port" of every gateway's server and of every service; inbound by the pod's port. */
function listHostNames(tree: LintTree): ReadonlySet<string> {
  const outside = tree.gateways.flatMap(({ spec }) =>
    spec.servers.flatMap(({ hosts, port }) => {
      const served = hosts.map((host) => host.slice(host.indexOf("/") + 1));
      return tree.virtualServices
        .flatMap((one) =>
          (one.spec.hosts ?? []).map((host) => resolveShortName(host, one.namespace)),
        )
        .flatMap((host) => intersect([host], served))
        .map((host) => `${host}:${port.number}`);
    }),
  );
  const inside = tree.services.flatMap(({ fqdn, ports }) =>
    ports.map(({ port }) => `${fqdn}:${port}`),
  );
  const pods = tree.workloads.flatMap(({ ports }) =>
    ports.map(({ port }) => `inbound|http|${port}`),
  );
  return new Set([...outside, ...inside, ...pods]);
}
