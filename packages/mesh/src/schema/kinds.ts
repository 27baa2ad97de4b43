import { z } from "zod";
import { LabelMap } from "../resource.ts";
import { Port } from "./values.ts";

// Gateway, Service and workloads: what of them bears on a request.

const Server = z.strictObject({
  port: z.strictObject({
    number: Port,
    protocol: z.string(),
    name: z.string().optional(),
    targetPort: Port.optional(),
  }),
  hosts: z.array(z.string().min(1)).min(1),
  name: z.string().optional(),
  // Certificates and versions decide about the connection, not about the request.
  tls: z
    .looseObject({
      httpsRedirect: z.boolean().optional(),
      mode: z
        .enum([
          "PASSTHROUGH",
          "SIMPLE",
          "MUTUAL",
          "AUTO_PASSTHROUGH",
          "ISTIO_MUTUAL",
          "OPTIONAL_MUTUAL",
        ])
        .optional(),
    })
    .optional(),
});
export type ServerSpec = z.infer<typeof Server>;

export const GatewaySpec = z.strictObject({
  servers: z.array(Server).min(1),
  selector: LabelMap.default({}),
});
export type GatewaySpec = z.infer<typeof GatewaySpec>;

export const ServiceSpec = z.looseObject({
  ports: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        port: Port,
        targetPort: z.union([z.int(), z.string()]).optional(),
        protocol: z.string().default("TCP"),
        appProtocol: z.string().optional(),
      }),
    )
    .default([]),
  selector: LabelMap.default({}),
  type: z.string().default("ClusterIP"),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

export const WorkloadSpec = z.looseObject({
  template: z.looseObject({
    metadata: z.looseObject({ labels: LabelMap.default({}) }).default({ labels: {} }),
    spec: z.looseObject({
      serviceAccountName: z.string().default("default"),
      containers: z
        .array(
          z.looseObject({
            ports: z
              .array(z.looseObject({ name: z.string().optional(), containerPort: Port }))
              .default([]),
          }),
        )
        .default([]),
    }),
  }),
});
export type WorkloadSpec = z.infer<typeof WorkloadSpec>;
