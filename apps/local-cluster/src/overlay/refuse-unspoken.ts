// What Istio would do with a connection and this data plane does not: told by name instead of answered wrongly.
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";
import { UpError } from "../errors.ts";

const Metadata = z.object({ name: z.string(), namespace: z.string().default("default") });
const Server = z.object({ port: z.object({ number: z.number(), protocol: z.string() }) });
const Gateway = z.object({
  kind: z.literal("Gateway"),
  spec: z.object({ servers: z.array(Server).default([]) }),
});
const ServiceEntry = z.object({
  kind: z.literal("ServiceEntry"),
  spec: z.object({
    hosts: z.array(z.string()).default([]),
    workloadSelector: z.unknown().optional(),
  }),
});
const Policy = z.object({ tls: z.object({ mode: z.string().default("DISABLE") }).optional() });
const DestinationRule = z.object({
  kind: z.literal("DestinationRule"),
  spec: z.object({
    trafficPolicy: Policy.optional(),
    subsets: z.array(z.object({ trafficPolicy: Policy.optional() })).default([]),
  }),
});
const Service = z.object({
  kind: z.literal("Service"),
  metadata: Metadata,
  spec: z.object({
    ports: z
      .array(z.object({ name: z.string().default(""), appProtocol: z.string().optional() }))
      .default([]),
  }),
});

/** Throws UNSUPPORTED for the first resource that asks for something that is not spoken here. */
export function refuseUnspoken(resources: readonly JsonObject[]): void {
  const port = findGatewayPort(resources);
  for (const resource of resources) {
    const why =
      explainGateway(resource, port) ?? explainServiceEntry(resource) ?? explainRule(resource);
    if (why !== undefined) throw refuse(resource, why);
  }
}

/**
 * Throws UNSUPPORTED for a Service of ours that wants HTTP/2 of its pods. Those of other people's
 * programs are not called by way of this data plane.
 */
export function refuseHttp2(resources: readonly unknown[], ours: ReadonlySet<string>): void {
  for (const resource of resources) {
    const service = Service.safeParse(resource);
    if (!service.success || !ours.has(nameOf(service.data.metadata))) continue;
    for (const { name, appProtocol = name } of service.data.spec.ports) {
      if (!/^(grpc|http2|kubernetes\.io\/h2c)/i.test(appProtocol)) continue;
      throw refuse(
        service.data,
        `its port "${name}" speaks HTTP/2, and here only HTTP/1.1 is spoken`,
      );
    }
  }
}

/** The one port that is opened: of the first server that speaks HTTP. */
function findGatewayPort(resources: readonly JsonObject[]): number | undefined {
  return resources
    .flatMap((one) => Gateway.safeParse(one).data?.spec.servers ?? [])
    .find(({ port }) => port.protocol === "HTTP")?.port.number;
}

function explainGateway(resource: JsonObject, open: number | undefined): string | undefined {
  const servers = Gateway.safeParse(resource).data?.spec.servers ?? [];
  for (const { port } of servers) {
    if (port.protocol !== "HTTP") return `port ${port.number} speaks ${port.protocol}, not HTTP`;
    if (port.number !== open) return `port ${port.number} is a second one, beside ${open}`;
  }
  return undefined;
}

function explainServiceEntry(resource: JsonObject): string | undefined {
  const entry = ServiceEntry.safeParse(resource);
  if (!entry.success || entry.data.spec.workloadSelector !== undefined) return undefined;
  return `${entry.data.spec.hosts.join(", ")} is outside of the overlay, and nothing here calls there`;
}

function explainRule(resource: JsonObject): string | undefined {
  const rule = DestinationRule.safeParse(resource);
  if (!rule.success) return undefined;
  const { trafficPolicy, subsets } = rule.data.spec;
  const modes = [trafficPolicy, ...subsets.map((one) => one.trafficPolicy)].flatMap(
    (policy) => policy?.tls?.mode ?? [],
  );
  // Istio's own mutual TLS is between proxies, and of those there is one here.
  const other = modes.find((mode) => mode !== "DISABLE" && mode !== "ISTIO_MUTUAL");
  return other === undefined ? undefined : `TLS of mode ${other} is not spoken to pods`;
}

function nameOf({ namespace, name }: z.output<typeof Metadata>): string {
  return `${namespace}/${name}`;
}

function refuse(
  { kind, metadata }: { readonly kind?: unknown; readonly metadata?: unknown },
  why: string,
): UpError {
  const named = Metadata.catch({ name: "", namespace: "" }).parse(metadata);
  const message = `Cannot run ${kind} "${nameOf(named)}": ${why}`;
  return new UpError(message, { code: "UNSUPPORTED" });
}
