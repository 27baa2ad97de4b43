import { isIP } from "node:net";
import { isWildcard } from "../host.ts";
import type { Resource } from "../resource.ts";
import type { ServiceEntrySpec } from "../schema/sidecar.ts";
import {
  checkExportTo,
  checkSelector,
  isAddressBlock,
  isDnsLabel,
  isFullName,
  isProtocol,
  isWildcardDomain,
  type Refuse,
  refuseIn,
} from "./names.ts";

/** Refuses what Istio's webhook refuses (ValidateServiceEntry in pkg/config/validation), but in endpoints. */
export function checkServiceEntry({ id, namespace, spec }: Resource<ServiceEntrySpec>): void {
  const refuse = refuseIn(id);
  const { hosts, workloadSelector, exportTo, addresses = [] } = spec;
  checkSelector(workloadSelector?.labels, "spec.workloadSelector.labels", refuse);
  hosts.forEach((host, i) => {
    if (host === "*" || !isWildcardDomain(host)) refuse(`"${host}" is no host`, `spec.hosts[${i}]`);
  });
  addresses.forEach((address, i) => {
    if (!isAddressBlock(address)) refuse(`"${address}" is no address`, `spec.addresses[${i}]`);
  });
  checkPorts(spec, refuse);
  checkResolution(spec, refuse);
  // "~" is for the pods of the entry alone.
  if (exportTo?.includes("~") !== true) checkExportTo(exportTo, { namespace }, refuse);
  else if (exportTo.length > 1) refuse('Beside "~" there is nobody', "spec.exportTo");
}

function checkPorts({ ports, hosts, resolution }: ServiceEntrySpec, refuse: Refuse): void {
  const names = ports.map(({ name = "" }) => name);
  const numbers = ports.map(({ number }) => number);
  ports.forEach(({ name = "", number, protocol = "" }, i) => {
    const field = `spec.ports[${i}]`;
    if (!isDnsLabel(name)) refuse("Expected a name", `${field}.name`);
    if (names.indexOf(name) < i) refuse("The name is there twice", `${field}.name`);
    if (numbers.indexOf(number) < i) refuse("The number is there twice", `${field}.number`);
    if (!isProtocol(protocol)) refuse(`"${protocol}" is no protocol`, `${field}.protocol`);
    const isTold = /^(?:http|http2|http_proxy|https|tls|grpc|grpc-web)$/i.test(protocol);
    if (!isTold && hosts.length > 1 && (resolution ?? "NONE") !== "NONE") {
      refuse("Several hosts are told apart by HTTP or TLS alone", `${field}.protocol`);
    }
  });
}

function checkResolution(spec: ServiceEntrySpec, refuse: Refuse): void {
  const { resolution = "NONE", endpoints = [], hosts, addresses = [], workloadSelector } = spec;
  if (workloadSelector !== undefined && spec.endpoints !== undefined) {
    refuse("Expected endpoints or a workloadSelector", "spec.endpoints");
  }
  if (resolution === "NONE" && endpoints.length > 0)
    refuse("Expected none where the resolution is NONE", "spec.endpoints");
  const narrow = resolution === "DYNAMIC_DNS" ? hosts.findIndex((one) => !isWildcard(one)) : -1;
  if (narrow >= 0) refuse("DYNAMIC_DNS is for wildcards", `spec.hosts[${narrow}]`);
  if (!resolution.startsWith("DNS")) return;
  if (addresses.some((one) => one.includes("/"))) {
    refuse("Expected no blocks where the resolution is by DNS", "spec.addresses");
  }
  if (resolution === "DNS_ROUND_ROBIN" && endpoints.length > 1) {
    refuse("Expected one at most", "spec.endpoints");
  }
  const wrong = endpoints.length > 0 ? -1 : hosts.findIndex((one) => !isFullName(one));
  if (wrong >= 0) refuse(`"${hosts[wrong]}" cannot be looked up`, `spec.hosts[${wrong}]`);
  endpoints.forEach(({ address }, i) => {
    const text = String(address ?? "");
    if (isIP(text) === 0 && !isFullName(text)) {
      refuse(`"${text}" is no name and no address`, `spec.endpoints[${i}].address`);
    }
  });
}
