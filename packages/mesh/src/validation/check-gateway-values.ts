import type { Resource } from "../resource.ts";
import type { GatewaySpec, ServerSpec } from "../schema/kinds.ts";
import { isDnsLabel, isScopedHost, type Refuse, refuseIn } from "./names.ts";
import { isTranslated } from "./translated.ts";

/** Refuses what Istio's webhook refuses (ValidateGateway in pkg/config/validation). */
export function checkGatewayValues(resource: Resource<GatewaySpec>): void {
  if (isTranslated(resource)) return;
  const { id, name, spec } = resource;
  const refuse = refuseIn(id);
  if (!isDnsLabel(name)) refuse(`"${name}" is no name of a Gateway`, "metadata.name");
  const names = spec.servers.map(({ port }) => port.name ?? "");
  spec.servers.forEach((server, i) => {
    const field = `spec.servers[${i}]`;
    checkServer(server, field, refuse);
    if (names.indexOf(server.port.name ?? "") < i) {
      refuse("The name of a port is there twice", `${field}.port.name`);
    }
  });
}

function checkServer({ port, hosts, tls }: ServerSpec, field: string, refuse: Refuse): void {
  hosts.forEach((host, i) => {
    if (!isScopedHost(host, { isGateway: true })) {
      refuse(`"${host}" is no host`, `${field}.hosts[${i}]`);
    }
  });
  if (port.targetPort !== undefined) {
    refuse("A Gateway has no use for it", `${field}.port.targetPort`);
  }
  if ((port.name ?? "") === "") refuse("Expected a name", `${field}.port.name`);
  const isTls = /^(?:HTTPS|TLS)$/i.test(port.protocol);
  if (isTls && tls === undefined) refuse(`${port.protocol} needs it`, `${field}.tls`);
  if (tls === undefined) return;
  const has = (name: string) => String(tls[name] ?? "") !== "";
  const mode = tls.mode ?? "PASSTHROUGH";
  if (!isTls) {
    const named = ["caCertificates", "privateKey", "serverCertificate"].some(has);
    // Only httpsRedirect makes sense.
    if (mode !== "PASSTHROUGH" || named) refuse("HTTP in plain text has no TLS", `${field}.tls`);
    return;
  }
  checkCertificates(mode, has, `${field}.tls`, refuse);
}

/** What a server needs to speak TLS (validateTLSOptions). */
function checkCertificates(
  mode: string,
  has: (name: string) => boolean,
  field: string,
  refuse: Refuse,
): void {
  const sources = ["tlsCertificates", "credentialName", "credentialNames"].filter(has);
  const files = ["serverCertificate", "privateKey", "caCertificates"].filter(has);
  if (mode === "ISTIO_MUTUAL") {
    const [one] = [...files, ...sources];
    if (one !== undefined) refuse("ISTIO_MUTUAL has the mesh's certificates", `${field}.${one}`);
    return;
  }
  if (has("serverCertificate") && has("privateKey")) sources.unshift("serverCertificate");
  const [one, another] = sources;
  if (another !== undefined) refuse(`Expected ${one} or ${another}`, `${field}.${another}`);
  const isMutual = mode === "MUTUAL" || mode === "OPTIONAL_MUTUAL";
  if (mode !== "SIMPLE" && !isMutual) return;
  if (has("credentialName") || has("credentialNames")) return;
  if (isMutual && !has("caCertificates")) refuse(`${mode} needs it`, `${field}.caCertificates`);
  if (has("tlsCertificates")) return;
  for (const name of ["serverCertificate", "privateKey"]) {
    if (!has(name)) refuse(`${mode} needs it, or a credentialName`, `${field}.${name}`);
  }
}
