import {
  buildRules,
  compileLimits,
  findRule,
  parseLimiterConfig,
  readEnvoyFilters,
} from "@hookline/mesh";
import { parse } from "yaml";
import { askMesh } from "./ask-mesh.ts";
import type { Finding } from "./finding.ts";
import { GATEWAY_POD } from "./pods.ts";
import type { Tree } from "./tree.ts";

/**
 * A dead limiter holds nobody up, and a caller without `authorization` is limited as well (in the original he was not).
 * That the filter, the actions and the limiter's rules fit together is the lint's to say.
 */
export function checkRateLimits(tree: Tree): Finding[] {
  return askMesh(tree, () => [...checkTimeouts(tree), ...checkCallers(tree)]);
}

function finding(check: string, message: string): Finding {
  return { check, resource: "EnvoyFilter/ratelimit", message };
}

/** The original waited ten seconds for a limiter that was down, and then refused. */
function checkTimeouts({ rendered }: Tree): Finding[] {
  return readEnvoyFilters(rendered)
    .flatMap(({ patches }) => patches)
    .flatMap((patch) => (patch.kind === "filter" ? [patch.filter.timeout] : []))
    .filter((timeoutMs) => timeoutMs <= 0 || timeoutMs > 1000)
    .map((timeoutMs) => finding("limiter-timeout", `waits ${timeoutMs} ms, wished: at most 1000`));
}

const CALLERS = [
  { name: "a caller with authorization", own: "Bearer his-own" },
  { name: "a caller without authorization", own: undefined },
];
const ADDRESS = "192.0.2.1";

/** Each caller has a limit of his own: one whose descriptor tells him from another. */
function checkCallers(tree: Tree): Finding[] {
  const [gateway] = tree.gateways;
  const config = readLimiterConfig(tree);
  if (gateway === undefined || config === undefined) return [];
  const root = buildRules([config]).get(config.domain);
  const port = gateway.spec.servers[0]?.port.number ?? 80;
  const source = { labels: GATEWAY_POD.labels, namespace: gateway.metadata.namespace ?? "", port };
  const limits = compileLimits(tree.rendered, { kind: "gateway", ...source });
  const route = { virtualHost: `*:${port}`, domains: ["*"], name: "app", action: "ROUTE" } as const;
  const ask = limits.of({ ...route, port });
  return CALLERS.filter(({ own }) => {
    const header = (name: string) => (name === "authorization" ? own : undefined);
    const request = { method: "GET", authority: "*", path: "/", scheme: "http" } as const;
    const sent = ask?.({ ...request, header, clientAddress: ADDRESS }, "")?.descriptors ?? [];
    return !sent.some(
      (entries) =>
        entries.some(([, value]) => value === own || value === ADDRESS) &&
        root !== undefined &&
        findRule(root, config.domain, entries) !== undefined,
    );
  }).map(({ name }) => finding("everybody-limited", `${name} has no limit of his own`));
}

/** The limiter's configuration of an overlay; undefined for one without limits. */
export function readLimiterConfig({ configMaps }: Pick<Tree, "configMaps">) {
  const map = configMaps.find(({ metadata }) => metadata.name.startsWith("ratelimit-config"));
  const text = map?.data["config.yaml"];
  return text === undefined ? undefined : parseLimiterConfig(parse(text));
}
