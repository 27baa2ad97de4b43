import { z } from "zod";
import { LabelMap } from "../resource.ts";
import { Duration } from "./values.ts";

// How connections are made bears on no decision; balancing and ejection are handed to who forwards.
const Count = z.int().min(0);
const TrafficPolicy = z.strictObject({
  loadBalancer: z
    .strictObject({
      simple: z
        .enum(["UNSPECIFIED", "ROUND_ROBIN", "LEAST_REQUEST", "LEAST_CONN", "RANDOM"])
        .optional(),
    })
    .optional(),
  outlierDetection: z
    .strictObject({
      consecutive5xxErrors: Count.optional(),
      consecutiveGatewayErrors: Count.optional(),
      interval: Duration.optional(),
      baseEjectionTime: Duration.optional(),
      maxEjectionPercent: Count.max(100).optional(),
    })
    .optional(),
  connectionPool: z
    .strictObject({
      // Limits such as maxConnections turn requests away when there are many: they are refused here.
      tcp: z
        .strictObject({
          connectTimeout: Duration.optional(),
          idleTimeout: Duration.optional(),
          maxConnectionDuration: Duration.optional(),
          tcpKeepalive: z
            .strictObject({
              probes: Count.optional(),
              time: Duration.optional(),
              interval: Duration.optional(),
            })
            .optional(),
        })
        .optional(),
      http: z
        .strictObject({
          h2UpgradePolicy: z.enum(["DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"]).optional(),
          idleTimeout: Duration.optional(),
          maxRequestsPerConnection: Count.optional(),
        })
        .optional(),
    })
    .optional(),
  tls: z
    .looseObject({ mode: z.enum(["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"]).optional() })
    .optional(),
});
export type TrafficPolicySpec = z.infer<typeof TrafficPolicy>;

const Subset = z.strictObject({
  name: z.string().min(1),
  labels: LabelMap.default({}),
  trafficPolicy: TrafficPolicy.optional(),
});
export type SubsetSpec = z.infer<typeof Subset>;

/** networking.istio.io DestinationRule: which pods get a request, and how they are chosen. */
export const DestinationRuleSpec = z.strictObject({
  host: z.string().min(1),
  subsets: z.array(Subset).default([]),
  trafficPolicy: TrafficPolicy.optional(),
  exportTo: z.array(z.string().min(1)).optional(),
  workloadSelector: z.strictObject({ matchLabels: LabelMap.default({}) }).optional(),
});
export type DestinationRuleSpec = z.infer<typeof DestinationRuleSpec>;
