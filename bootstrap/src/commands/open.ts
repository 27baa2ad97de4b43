import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import { parse } from "yaml";
import { z } from "zod";
import { GATEWAY } from "../charts.ts";
import { BootstrapError } from "../errors.ts";
import type { Connection } from "../kube/connection.ts";
import { findPod, forwardService, type ServicePort } from "../kube/port-forward.ts";
import type { Options } from "../options.ts";
import type { CommandContext } from "./context.ts";

/** A page of the cluster, and where it is to be on this machine. */
export interface Page {
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly localPort: number;
  readonly target: ServicePort;
}

const STACK = "kube-prometheus-stack";
const Environment = z.looseObject({ namespace: z.string() });

/** What is worth a look: Argo CD, the monitoring, and the app behind the gateway of each overlay asked for. */
function listPages({ overlays }: Pick<Options, "overlays">, root: string): Page[] {
  const monitoring = (service: string, port: number) => ({
    namespace: "monitoring",
    service: `${STACK}-${service}`,
    port,
  });
  const argoCd = { namespace: ARGO_CD_NAMESPACE, service: "argocd-server", port: 443 };
  return [
    { name: "Argo CD", scheme: "https", localPort: 8443, target: argoCd },
    { name: "Grafana", scheme: "http", localPort: 3000, target: monitoring("grafana", 80) },
    { name: "Prometheus", scheme: "http", localPort: 9090, target: monitoring("prometheus", 9090) },
    {
      name: "Alertmanager",
      scheme: "http",
      localPort: 9093,
      target: monitoring("alertmanager", 9093),
    },
    ...(overlays.length === 0 ? ["production"] : overlays).map((overlay, index): Page => {
      const file = join(root, "gitops", "overlays", overlay, "environment.yaml");
      const { namespace } = Environment.parse(parse(readFileSync(file, "utf8")));
      return {
        name: `The app (${overlay})`,
        scheme: "http",
        localPort: 8080 + index,
        target: { namespace, service: GATEWAY.release, port: 80 },
      };
    }),
  ];
}

/** Forwards every page that is up, prints the addresses, and stays until it is interrupted. Refuses when none is. */
export async function open({ options, root, report, connect }: CommandContext): Promise<void> {
  const connection = connect();
  const opened = [];
  for (const { name, scheme, localPort, target } of listPages(options, root)) {
    const absent = await findAbsence(connection, target);
    if (absent !== undefined) {
      report.progress(`${name}: ${absent}`);
      continue;
    }
    const onError = (error: unknown) =>
      report.progress(`${name}: ${error instanceof Error ? error.message : error}`);
    const { port, stop } = await forwardService(connection, { target, localPort, onError });
    opened.push({ name, address: `${scheme}://127.0.0.1:${port}`, stop });
  }
  if (opened.length === 0) {
    throw new BootstrapError("Cannot open a page: none is up", {
      code: "NOT_FOUND",
      next: "See how far Argo CD is: bun run bootstrap status",
    });
  }
  const pages = opened.map(({ name, address }) => ({ name, address }));
  report.result(pages.map(({ name, address }) => `${name}: ${address}`).join("\n"), pages);
  report.progress("until you press Ctrl+C");
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  for (const { stop } of opened) stop();
}

/** Why a page is not there; undefined: it is. Throws what would be so for every page, such as a cluster that does not answer. */
async function findAbsence(
  connection: Connection,
  target: ServicePort,
): Promise<string | undefined> {
  try {
    await findPod(connection, target);
    return undefined;
  } catch (error) {
    if (error instanceof BootstrapError && error.code === "NOT_FOUND") return error.message;
    throw error;
  }
}
