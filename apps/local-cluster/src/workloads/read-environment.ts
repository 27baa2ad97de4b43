import type * as z from "zod";
import type { Container, EnvironmentVariable } from "./manifests.ts";
import { parseQuantity } from "./quantity.ts";
import type { ClusterResources, Content } from "./resources.ts";
import type { EnvironmentEntry } from "./workload.ts";

export interface ReadEnvironmentOptions {
  readonly namespace: string;
  readonly resources: Pick<ClusterResources, "configMaps" | "secrets">;
  /** Throws, with the sentence's second half. */
  readonly refuse: (why: string, code: "BAD_MANIFEST" | "UNSUPPORTED") => never;
}

type Variable = z.output<typeof EnvironmentVariable>;

const decoder = new TextDecoder();

/** The variables of a container in the order in which they count: `envFrom`, then `env`. */
export function readEnvironment(
  container: Container,
  options: ReadEnvironmentOptions,
): EnvironmentEntry[] {
  return [
    ...container.envFrom.flatMap((source) => readSource(source, options)),
    ...container.env.flatMap((variable) => readVariable(variable, container, options)),
  ];
}

type Refer = { readonly name: string; readonly optional: boolean };

function readSource(
  source: Container["envFrom"][number],
  options: ReadEnvironmentOptions,
): EnvironmentEntry[] {
  const { prefix, configMapRef, secretRef } = source;
  const contents = [
    configMapRef && find("ConfigMap", configMapRef, options),
    secretRef && find("Secret", secretRef, options),
  ];
  return contents.flatMap((content) =>
    [...(content ?? [])].map(([key, bytes]) => ({
      kind: "literal" as const,
      name: prefix + key,
      value: decoder.decode(bytes),
    })),
  );
}

function find(
  kind: "ConfigMap" | "Secret",
  { name, optional }: Refer,
  { namespace, resources, refuse }: ReadEnvironmentOptions,
): Content | undefined {
  const known = kind === "Secret" ? resources.secrets : resources.configMaps;
  const content = known.get(`${namespace}/${name}`);
  if (content === undefined && !optional) {
    return refuse(`it reads ${kind} "${name}", which the overlay does not have`, "BAD_MANIFEST");
  }
  return content;
}

function readVariable(
  { name, value = "", valueFrom }: Variable,
  container: Container,
  options: ReadEnvironmentOptions,
): EnvironmentEntry[] {
  if (valueFrom === undefined) return [{ kind: "text", name, value }];
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (configMapKeyRef) return readKey(name, { kind: "ConfigMap", ...configMapKeyRef }, options);
  if (secretKeyRef) return readKey(name, { kind: "Secret", ...secretKeyRef }, options);
  if (fieldRef) return [{ kind: "field", name, path: fieldRef.fieldPath }];
  if (resourceFieldRef) {
    return [{ kind: "literal", name, value: readResource(resourceFieldRef, container, options) }];
  }
  return options.refuse(`nothing is known of the source of ${name}`, "UNSUPPORTED");
}

interface KeyReference extends Refer {
  readonly kind: "ConfigMap" | "Secret";
  readonly key: string;
}

function readKey(
  name: string,
  { kind, key, ...refer }: KeyReference,
  options: ReadEnvironmentOptions,
): EnvironmentEntry[] {
  const bytes = find(kind, refer, options)?.get(key);
  if (bytes !== undefined) return [{ kind: "literal", name, value: decoder.decode(bytes) }];
  if (refer.optional) return [];
  const why = `${kind} "${refer.name}" has no "${key}", which ${name} is read from`;
  return options.refuse(why, "BAD_MANIFEST");
}

/** As `limits.memory`; the value is rounded up to whole units of the divisor, as a kubelet does. */
function readResource(
  {
    resource,
    divisor = 1,
  }: { readonly resource: string; readonly divisor?: number | string | undefined },
  { resources }: Container,
  { refuse }: ReadEnvironmentOptions,
): string {
  const [list, key = ""] = resource.split(/\.(.*)/s);
  const quantity = list === "limits" ? resources.limits[key] : resources.requests[key];
  const amount = quantity === undefined ? undefined : parseQuantity(quantity);
  const unit = parseQuantity(divisor);
  if (amount === undefined || !unit) return refuse(`it has no ${resource}`, "UNSUPPORTED");
  return String(Math.ceil(amount / unit));
}
