import { UpError } from "../errors.ts";
import { expand } from "../workloads/expand.ts";
import type { EnvironmentEntry, PodTemplate } from "../workloads/workload.ts";

export interface PodIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly workload: string;
}

export interface PodEnvironmentOptions {
  readonly identity: PodIdentity;
  readonly template: PodTemplate;
  /** What a value becomes on this machine: Services and mounted paths in it are others here. */
  readonly localise: (value: string) => string;
}

/** The environment of a pod's container; throws UNSUPPORTED for a field that is not known here. */
export function buildPodEnvironment(options: PodEnvironmentOptions): Record<string, string> {
  const environment = new Map<string, string>();
  for (const entry of options.template.environment) {
    environment.set(
      entry.name,
      readValue(entry, options, (name) => environment.get(name)),
    );
  }
  const local = [...environment].map(([name, value]) => [name, options.localise(value)]);
  return { ...Object.fromEntries(local), ...placeOnLoopback(environment, options.template) };
}

function readValue(
  entry: EnvironmentEntry,
  { identity, template }: PodEnvironmentOptions,
  lookUp: (name: string) => string | undefined,
): string {
  if (entry.kind === "literal") return entry.value;
  if (entry.kind === "text") return expand(entry.value, lookUp);
  const value = readField(entry.path, identity, template);
  if (value !== undefined) return value;
  const message = `Cannot run Deployment "${identity.workload}": ${entry.name} is read from ${entry.path}, which is not known here`;
  throw new UpError(message, { code: "UNSUPPORTED" });
}

function readField(path: string, identity: PodIdentity, template: PodTemplate): string | undefined {
  const [, map, key = ""] = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path) ?? [];
  if (map === "labels") return template.labels[key] ?? "";
  if (map === "annotations") return template.annotations[key] ?? "";
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": identity.name,
    "metadata.namespace": identity.namespace,
    "metadata.uid": identity.name,
    "spec.serviceAccountName": template.serviceAccount,
    "spec.nodeName": "localhost",
    "status.hostIP": "127.0.0.1",
    "status.podIP": "127.0.0.1",
    "status.podIPs": "127.0.0.1",
  };
  return fields[path];
}

/** All pods share one machine, so that each takes free ports where the container's are fixed. */
function placeOnLoopback(
  environment: ReadonlyMap<string, string>,
  { ports }: PodTemplate,
): Record<string, string> {
  const numbers = new Set(ports.map(({ number }) => String(number)));
  const portNames = [...environment]
    .filter(([name, value]) => /(^|_)PORT$/.test(name) && numbers.has(value))
    .map(([name]) => name);
  return Object.fromEntries([
    ["HOST", "127.0.0.1"],
    ["PORT", "0"],
    ["METRICS_PORT", "0"],
    ...portNames.map((name) => [name, "0"]),
  ]);
}
