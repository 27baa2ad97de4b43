import { parse } from "yaml";
import type { Finding } from "./finding.ts";
import { type Entry, findRule, LimiterConfig, listRules } from "./limiter-config.ts";
import type { Action, RateLimitFilter } from "./mesh-kinds.ts";
import { GATEWAY_POD, selectPods } from "./pods.ts";
import type { Tree } from "./tree.ts";

/**
 * The filter, the actions and the limiter's rules fit together: every descriptor that the gateway
 * sends hits a rule, every rule is hit (the original's global limit never was), and a caller
 * without `authorization` is limited as well (in the original he was not).
 */
export function checkRateLimits(tree: Tree): Finding[] {
  const config = readLimiterConfig(tree);
  const filters = tree.envoyFilters.flatMap(listFilters);
  const actions = tree.envoyFilters.flatMap(listActions);
  if (config === undefined && filters.length === 0 && actions.length === 0) return [];
  if (config === undefined || filters.length === 0 || actions.length === 0) {
    return [
      finding(
        "limits-wired",
        `${filters.length} filters, ${actions.length} lists of actions and ${config === undefined ? "no" : "a"} limiter: each needs the others`,
      ),
    ];
  }
  return [
    ...tree.envoyFilters.flatMap(({ metadata, spec }) =>
      spec.workloadSelector !== undefined &&
      selectPods([GATEWAY_POD], spec.workloadSelector.labels).length === 1
        ? []
        : [
            {
              ...finding("limits-wired", "selects no pod of the gateway"),
              resource: `EnvoyFilter/${metadata.name}`,
            },
          ],
    ),
    ...checkHosts(tree),
    ...filters.flatMap((filter) => checkFilter(tree, filter, config)),
    ...checkDescriptors(actions, config),
  ];
}

function finding(check: string, message: string): Finding {
  return { check, resource: "EnvoyFilter/ratelimit", message };
}

function readLimiterConfig(tree: Tree): LimiterConfig | undefined {
  const map = tree.configMaps.find(({ metadata }) => metadata.name.startsWith("ratelimit-config"));
  const text = map?.data["config.yaml"];
  return text === undefined ? undefined : LimiterConfig.parse(parse(text));
}

type Filter = Tree["envoyFilters"][number];

function listFilters({ spec }: Filter): RateLimitFilter[] {
  return spec.configPatches.flatMap(({ patch }) => {
    const config = patch.value.typed_config;
    return config !== undefined && "domain" in config ? [config] : [];
  });
}

function listActions({ spec }: Filter): (readonly Action[])[] {
  return spec.configPatches.flatMap(({ patch }) =>
    (patch.value.rate_limits ?? []).map(({ actions }) => actions),
  );
}

/** A virtual host is named `host:port` and compared exactly; "" is any. */
function checkHosts(tree: Tree): Finding[] {
  const ports = tree.gateways.flatMap(({ spec }) => spec.servers.map(({ port }) => port.number));
  const hosts = tree.virtualServices.flatMap(({ spec }) => spec.hosts);
  const known = new Set(["", ...hosts.flatMap((host) => ports.map((port) => `${host}:${port}`))]);
  return tree.envoyFilters.flatMap(({ spec }) =>
    spec.configPatches
      .map(({ match }) => match.routeConfiguration?.vhost?.name ?? "")
      .filter((name) => !known.has(name))
      .map((name) => finding("limits-wired", `no virtual host is named "${name}"`)),
  );
}

function checkFilter(tree: Tree, filter: RateLimitFilter, config: LimiterConfig): Finding[] {
  const name = filter.rate_limit_service.grpc_service.envoy_grpc.cluster_name;
  const [, port, , host] = name.split("|");
  const service = tree.services.find(
    ({ metadata }) => host === `${metadata.name}.${metadata.namespace}.svc.cluster.local`,
  );
  const reachable = service?.spec.ports.some((one) => String(one.port) === port) === true;
  const seconds = Number(filter.timeout.replace(/s$/, ""));
  return [
    ...(reachable
      ? []
      : [finding("limits-wired", `cluster "${name}" is no Service of this namespace`)]),
    ...(filter.domain === config.domain
      ? []
      : [
          finding(
            "limits-wired",
            `asks domain "${filter.domain}", the limiter knows "${config.domain}"`,
          ),
        ]),
    // The original waited ten seconds for a limiter that was down, and then refused.
    ...(seconds > 0 && seconds <= 1
      ? []
      : [finding("limiter-timeout", `waits ${filter.timeout}, wished: at most 1s`)]),
  ];
}

function checkDescriptors(
  actions: readonly (readonly Action[])[],
  config: LimiterConfig,
): Finding[] {
  const callers = [
    { name: "a caller with authorization", headers: ["authorization"] },
    { name: "a caller without authorization", headers: [] },
  ];
  const sent = callers.map(({ name, headers }) => ({
    name,
    descriptors: actions
      .map((list) => buildDescriptor(list, headers))
      .filter((entries) => entries !== undefined),
  }));
  const all = sent.flatMap(({ descriptors }) => descriptors);
  const deaf = actions
    .filter((list) => callers.every(({ headers }) => !hits(list, headers, config)))
    .map((list) =>
      finding("limit-is-asked", `the limiter has no rule for ${JSON.stringify(list)}`),
    );
  const hit = new Set(all.map((entries) => findRule(config.descriptors, entries)));
  const dead = listRules(config.descriptors)
    .filter(({ rule }) => !hit.has(rule))
    .map(({ path }) => finding("limit-is-asked", `no action asks for the rule ${path}`));
  const free = sent
    .filter(
      ({ descriptors }) =>
        !descriptors.some((entries) => isOwn(entries) && findRule(config.descriptors, entries)),
    )
    .map(({ name }) => finding("everybody-limited", `${name} has no limit of his own`));
  return [...deaf, ...dead, ...free];
}

/** Whether the descriptor tells one caller from another. */
function isOwn(entries: readonly Entry[]): boolean {
  return entries.some(({ value }) => value === undefined);
}

function hits(list: readonly Action[], headers: readonly string[], config: LimiterConfig): boolean {
  const entries = buildDescriptor(list, headers);
  return entries !== undefined && findRule(config.descriptors, entries) !== undefined;
}

/** What Envoy sends for a list of actions: nothing at all if one of them has nothing to append. */
function buildDescriptor(
  list: readonly Action[],
  headers: readonly string[],
): readonly Entry[] | undefined {
  const entries: Entry[] = [];
  for (const action of list) {
    const entry = buildEntry(action, headers);
    if (entry === undefined) return undefined;
    entries.push(entry);
  }
  return entries;
}

function buildEntry(action: Action, headers: readonly string[]): Entry | undefined {
  if ("generic_key" in action) {
    return { key: action.generic_key.descriptor_key, value: action.generic_key.descriptor_value };
  }
  if ("request_headers" in action) {
    const { header_name, descriptor_key } = action.request_headers;
    return headers.includes(header_name) ? { key: descriptor_key } : undefined;
  }
  if ("header_value_match" in action) {
    const match = action.header_value_match;
    const matches = match.headers.every(({ name }) => headers.includes(name));
    return matches === match.expect_match
      ? { key: match.descriptor_key, value: match.descriptor_value }
      : undefined;
  }
  return { key: "remote_address" };
}
