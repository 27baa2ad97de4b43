import { isIP } from "node:net";
import { MeshError } from "../errors.ts";

// What Istio's webhook takes for a name (pkg/config/labels/instance.go, validation/agent/validation.go).

const LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?";
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const FIRST_LABEL = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${LABEL})$`);
const QUALIFIED = "(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const KEY = new RegExp(`^(${LABEL}(?:\\.${LABEL})*/)?(${QUALIFIED})$`);
const VALUE = new RegExp(`^(?:${QUALIFIED})?$`);
/** The characters of a token in HTTP (RFC 9110, 5.6.2). */
const HEADER = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;

/** Ends the check of a resource: what is wrong, and the path of the field below the resource. */
export type Refuse = (message: string, field: string) => never;

/** Refuses a value of a resource as Istio would. */
export function refuseIn(resource: string): Refuse {
  return (message, field) => {
    throw new MeshError(message, { code: "INVALID", resource, field });
  };
}

export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && DNS_LABEL.test(name);
}

export function isHeaderName(name: string): boolean {
  return HEADER.test(name);
}

function hasDnsLabels(domain: string): boolean {
  const labels = domain.split(".");
  if (/^[-+]?\d+$/.test(labels.at(-1) ?? "")) return false;
  return labels.every((one, i) => (i === labels.length - 1 && one === "") || isDnsLabel(one));
}

function hasLength(domain: string): boolean {
  return domain !== "" && domain.length <= 255;
}

export function isFullName(domain: string): boolean {
  return hasLength(domain) && hasDnsLabels(domain);
}

/** A name, or one whose first label is a wildcard: "*", "*.a.com", "*-a.com". */
export function isWildcardDomain(domain: string): boolean {
  const [first = "", ...rest] = domain.split(".");
  if (!hasLength(domain) || first.length > 63 || !FIRST_LABEL.test(first)) return false;
  return rest.length === 0 || hasDnsLabels(rest.join("."));
}

/** "namespace/host" of a Gateway or a Sidecar; a Gateway's may be the host alone. */
export function isScopedHost(scoped: string, { isGateway }: { isGateway: boolean }): boolean {
  const slash = scoped.indexOf("/");
  if (slash < 0) return isGateway && isHostPart(scoped, isGateway);
  const [namespace, host] = [scoped.slice(0, slash), scoped.slice(slash + 1)];
  const words = isGateway ? ["*", "."] : ["*", ".", "~"];
  if (!words.includes(namespace) && !isDnsLabel(namespace)) return false;
  return isHostPart(host, isGateway);
}

/** No short name, and a wildcard only as a whole label. */
function isHostPart(host: string, isGateway: boolean): boolean {
  if (host === "*") return true;
  if (!host.includes(".") || /^\*[^.]/.test(host)) return false;
  return isWildcardDomain(host) || (isGateway && isIP(host) !== 0);
}

/** An address or a block of them, of IPv4 or IPv6. */
export function isAddressBlock(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const PROTOCOLS = new Set(
  "tcp udp grpc grpc-web http http_proxy http2 https tls mongo redis mysql".split(" "),
);

/** A protocol that Istio knows; without a name it looks for itself. */
export function isProtocol(name: string): boolean {
  return name === "" || PROTOCOLS.has(name.toLowerCase());
}

/** The first name that is none; those behind one without a slash are not looked at (validateGatewayNames). */
export function findWrongGateway(names: readonly string[]): number {
  const alone = names.findIndex((one) => !one.includes("/"));
  const seen = alone < 0 ? names : names.slice(0, alone + 1);
  return seen.findIndex((one) => {
    const slash = one.indexOf("/");
    if (slash < 0) return !isFullName(one);
    return !isDnsLabel(one.slice(0, slash)) || !isDnsLabel(one.slice(slash + 1));
  });
}

type Labels = Readonly<Record<string, string>>;

/** Refuses labels that no pod can have. */
export function checkLabels(labels: Labels | undefined, field: string, refuse: Refuse): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const [, prefix = "", name = ""] = KEY.exec(key) ?? [];
    if (name === "" || prefix.length > 254 || name.length > 63) {
      refuse(`"${key}" is no name of a label`, field);
    }
    if (!VALUE.test(value)) refuse(`"${value}" is no value of a label`, `${field}.${key}`);
  }
}

/** Refuses wildcards and an empty key in a selector of workloads. */
export function checkSelector(labels: Labels | undefined, field: string, refuse: Refuse): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key === "") refuse("A label has a name", field);
    if (`${key}${value}`.includes("*")) refuse("A selector has no wildcards", `${field}.${key}`);
  }
}

/** Refuses namespaces that are named twice, or beside "*"; "~" is for a ServiceEntry. */
export function checkExportTo(
  exportTo: readonly string[] | undefined,
  { namespace, hasSelector = false }: { namespace: string; hasSelector?: boolean },
  refuse: Refuse,
): void {
  const own = (exportTo ?? []).map((one) => (one === "." ? namespace : one));
  own.forEach((one, i) => {
    const field = `spec.exportTo[${i}]`;
    if (one !== "*" && !isDnsLabel(one)) refuse('Expected ".", "*" or a namespace', field);
    if (own.indexOf(one) < i) refuse("The namespace is there twice", field);
  });
  if (own.includes("*") && own.length > 1) refuse('Beside "*" nothing is needed', "spec.exportTo");
  if (hasSelector && own.length > 0 && (own.length > 1 || own[0] !== namespace)) {
    refuse("With a selector of workloads only the own namespace is allowed", "spec.exportTo");
  }
}
