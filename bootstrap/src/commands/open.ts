import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import { parse } from "yaml";
import { z } from "zod";
import { GATEWAY } from "../charts.ts";
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

/** Forwards every page that is up, prints the addresses, and stays until it is interrupted. */
export async function open({ options, root, report, connect }: CommandContext): Promise<void> {
  const connection = connect();
  const opened = [];
  for (const { name, scheme, localPort, target } of listPages(options, root)) {
    const problem = await findPod(connection, target).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem !== undefined) {
      report.progress(`${name}: ${problem instanceof Error ? problem.message : problem}`);
      continue;
    }
    const onError = (error: unknown) =>
      report.progress(`${name}: ${error instanceof Error ? error.message : error}`);
    const { port, stop } = await forwardService(connection, { target, localPort, onError });
    opened.push({ name, address: `${scheme}://127.0.0.1:${port}`, stop });
  }
  const pages = opened.map(({ name, address }) => ({ name, address }));
  report.result(pages.map(({ name, address }) => `${name}: ${address}`).join("\n"), pages);
  if (opened.length === 0) return;
  report.progress("until you press Ctrl+C");
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  for (const { stop } of opened) stop();
}
