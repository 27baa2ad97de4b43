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
  port: z.object({ number: z.number() }).optional(),
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
        weight: z.number().optional(),
        headers: z
          .object({
            response: z.object({ add: Labels }).default({ add: {} }),
          })
          .default({ response: { add: {} } }),
      }),
    )
    .default([]),
  mirrors: z.array(z.object({ destination: Destination })).default([]),
  mirror: Destination.optional(),
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

export const DestinationRule = z.object({
  metadata: Metadata,
  spec: z.object({
    host: z.string(),
    subsets: z.array(z.object({ name: z.string(), labels: Labels })).default([]),
  }),
});

export const PeerAuthentication = z.object({
  metadata: Metadata,
  spec: z.object({
    selector: z.object({ matchLabels: Labels }).optional(),
    mtls: z.object({ mode: z.string() }).optional(),
    portLevelMtls: z.record(z.string(), z.object({ mode: z.string() })).default({}),
  }),
});

/** One of Envoy's rate-limit actions, by what it appends to the descriptor. */
const Action = z.union([
  z.object({
    generic_key: z.object({
      descriptor_key: z.string().default("generic_key"),
      descriptor_value: z.string(),
    }),
  }),
  z.object({ request_headers: z.object({ header_name: z.string(), descriptor_key: z.string() }) }),
  z.object({
    header_value_match: z.object({
      descriptor_key: z.string().default("header_match"),
      descriptor_value: z.string(),
      expect_match: z.boolean().default(true),
      headers: z.array(z.object({ name: z.string(), present_match: z.literal(true) })),
    }),
  }),
  z.object({ remote_address: z.object({}) }),
]);
export type Action = z.infer<typeof Action>;

const RateLimitFilter = z.object({
  "@type": z.literal("type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit"),
  domain: z.string(),
  failure_mode_deny: z.boolean(),
  timeout: z.string(),
  rate_limit_service: z.object({
    grpc_service: z.object({ envoy_grpc: z.object({ cluster_name: z.string() }) }),
  }),
});
export type RateLimitFilter = z.infer<typeof RateLimitFilter>;

const Patch = z.object({
  applyTo: z.string(),
  match: z.object({
    context: z.string(),
    routeConfiguration: z
      .object({ vhost: z.object({ name: z.string().default("") }).optional() })
      .optional(),
  }),
  patch: z.object({
    operation: z.string(),
    value: z.object({
      name: z.string().optional(),
      typed_config: z.union([RateLimitFilter, z.object({ "@type": z.string() })]).optional(),
      rate_limits: z.array(z.object({ actions: z.array(Action) })).optional(),
    }),
  }),
});
export const EnvoyFilter = z.object({
  metadata: Metadata,
  spec: z.object({
    workloadSelector: z.object({ labels: Labels }).optional(),
    configPatches: z.array(Patch),
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
