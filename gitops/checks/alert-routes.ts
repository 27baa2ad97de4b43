import type { Finding } from "./finding.ts";
import type { AlertRoute } from "./mesh-kinds.ts";
import type { Tree } from "./tree.ts";

/** Every alert finds a receiver, and every mail a mailbox: a Service of this namespace with that port. */
export function checkAlertRoutes(tree: Tree): Finding[] {
  const addresses = new Set(
    tree.services.flatMap(({ metadata, spec }) =>
      spec.ports.map(({ port }) => `${metadata.name}.${metadata.namespace}.svc:${port}`),
    ),
  );
  return tree.alertmanagerConfigs.flatMap(({ metadata, spec }) => {
    const receivers = new Set(spec.receivers.map(({ name }) => name));
    const lost = listReceivers(spec.route).filter((name) => !receivers.has(name));
    const hosts = spec.receivers.flatMap(({ emailConfigs }) =>
      emailConfigs.map(({ smarthost }) => smarthost),
    );
    // A mail server outside of the cluster is nobody's Service.
    const closed = hosts.filter((host) => host.includes(".svc") && !addresses.has(host));
    return [
      ...lost.map((name) => `goes to receiver "${name}", which does not exist`),
      ...closed.map((host) => `mails by "${host}", which is no Service of this namespace`),
    ].map((message) => ({
      check: "alert-arrives",
      resource: `AlertmanagerConfig/${metadata.name}`,
      message,
    }));
  });
}

function listReceivers({ receiver, routes }: AlertRoute): string[] {
  const own = receiver === undefined ? [] : [receiver];
  return [...own, ...routes.flatMap(listReceivers)];
}
