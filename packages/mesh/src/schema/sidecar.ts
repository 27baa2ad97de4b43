import { z } from "zod";
import { LabelMap } from "../resource.ts";
import { Port } from "./values.ts";

/** networking.istio.io Sidecar: what a workload's proxy sees. Ingress listeners are not modelled. */
export const SidecarSpec = z.strictObject({
  workloadSelector: z.strictObject({ labels: LabelMap.default({}) }).optional(),
  egress: z
    .array(
      z.strictObject({
        port: z
          .strictObject({ number: Port, protocol: z.string(), name: z.string().optional() })
          .optional(),
        hosts: z
          .array(z.string().regex(/^(?:~|[^/~]+)\/[^/]+$/, 'Expected "namespace/host"'))
          .min(1),
      }),
    )
    .optional(),
  outboundTrafficPolicy: z
    .strictObject({ mode: z.enum(["ALLOW_ANY", "REGISTRY_ONLY"]).default("REGISTRY_ONLY") })
    .optional(),
});
export type SidecarSpec = z.infer<typeof SidecarSpec>;

/** networking.istio.io ServiceEntry: a host outside the cluster, or a name for workloads inside. */
export const ServiceEntrySpec = z.strictObject({
  hosts: z.array(z.string().min(1)).min(1),
  ports: z
    .array(
      z.strictObject({
        number: Port,
        name: z.string().optional(),
        protocol: z.string().optional(),
        targetPort: Port.optional(),
      }),
    )
    .default([]),
  // Where the connection goes, not which rule holds.
  location: z.enum(["MESH_EXTERNAL", "MESH_INTERNAL"]).optional(),
  resolution: z.enum(["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"]).optional(),
  addresses: z.array(z.string()).optional(),
  endpoints: z.array(z.record(z.string(), z.unknown())).optional(),
  workloadSelector: z.strictObject({ labels: LabelMap.default({}) }).optional(),
  subjectAltNames: z.array(z.string()).optional(),
  exportTo: z.array(z.string().min(1)).optional(),
});
export type ServiceEntrySpec = z.infer<typeof ServiceEntrySpec>;
