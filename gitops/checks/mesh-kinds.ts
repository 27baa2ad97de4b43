import { z } from "zod";
import { Resource } from "./kinds.ts";

// The parts of Istio's and the Prometheus operator's kinds that the checks read.

const Labels = z.record(z.string(), z.string()).default({});
const Metadata = Resource.shape.metadata;

export const Gateway = z.object({
  metadata: Metadata,
  spec: z.object({
    selector: Labels,
    servers: z.array(
      z.object({ hosts: z.array(z.string()), port: z.object({ number: z.number() }) }),
    ),
  }),
});

const Destination = z.object({
  host: z.string(),
  subset: z.string().optional(),
});
export const HttpRoute = z.object({
  name: z.string().optional(),
  match: z
    .array(
      z.object({
        uri: z.record(z.string(), z.string()).optional(),
        headers: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      }),
    )
    .default([]),
  route: z
    .array(
      z.object({
        destination: Destination,
        headers: z
          .object({
            response: z.object({ add: Labels }).default({ add: {} }),
          })
          .default({ response: { add: {} } }),
      }),
    )
    .default([]),
  mirrors: z
    .array(
      z.object({
        destination: Destination,
        percentage: z.object({ value: z.number() }).default({ value: 100 }),
      }),
    )
    .default([]),
  directResponse: z.object({ status: z.number() }).optional(),
});
export type HttpRoute = z.infer<typeof HttpRoute>;
export const VirtualService = z.object({
  metadata: Metadata,
  spec: z.object({
    hosts: z.array(z.string()),
    gateways: z.array(z.string()).default(["mesh"]),
    http: z.array(HttpRoute).default([]),
  }),
});
export type VirtualService = z.infer<typeof VirtualService>;

export const PeerAuthentication = z.object({
  metadata: Metadata,
  spec: z.object({
    selector: z.object({ matchLabels: Labels }).optional(),
    mtls: z.object({ mode: z.string() }).optional(),
    portLevelMtls: z.record(z.string(), z.object({ mode: z.string() })).default({}),
  }),
});

/** Where alerts go, and where some of them go instead. */
export interface AlertRoute {
  readonly receiver?: string | undefined;
  readonly routes: readonly AlertRoute[];
}
const AlertRoute: z.ZodType<AlertRoute> = z.lazy(() =>
  z.object({ receiver: z.string().optional(), routes: z.array(AlertRoute).default([]) }),
);
export const AlertmanagerConfig = z.object({
  metadata: Metadata,
  spec: z.object({
    route: AlertRoute,
    receivers: z.array(
      z.object({
        name: z.string(),
        emailConfigs: z.array(z.object({ smarthost: z.string() })).default([]),
      }),
    ),
  }),
});

export const PrometheusRule = z.object({
  metadata: Metadata,
  spec: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        rules: z.array(
          z.object({
            alert: z.string().optional(),
            record: z.string().optional(),
            expr: z.string(),
            for: z.string().optional(),
            labels: Labels,
            annotations: Labels,
          }),
        ),
      }),
    ),
  }),
});

export const ServiceMonitor = z.object({
  metadata: Metadata,
  spec: z.object({
    namespaceSelector: z.object({ matchNames: z.array(z.string()) }).optional(),
    selector: z.object({ matchLabels: Labels }),
    endpoints: z.array(z.object({ port: z.string().optional() })),
  }),
});

export const Sidecar = z.object({
  metadata: Metadata,
  spec: z.object({ egress: z.array(z.object({ hosts: z.array(z.string()) })).default([]) }),
});

export const Telemetry = z.object({
  metadata: Metadata,
  spec: z.object({
    tracing: z
      .array(
        z.object({
          providers: z.array(z.object({ name: z.string() })).default([]),
          randomSamplingPercentage: z.number().optional(),
        }),
      )
      .default([]),
  }),
});
