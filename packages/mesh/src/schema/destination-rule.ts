import { z } from "zod";
import { LabelMap } from "../resource.ts";

const Subset = z.strictObject({
  name: z.string().min(1),
  labels: LabelMap.default({}),
  // How a subset's connections are made; which pods it has is in its labels alone.
  trafficPolicy: z.record(z.string(), z.unknown()).optional(),
});

/** networking.istio.io DestinationRule, as far as it decides which pods get a request. */
export const DestinationRuleSpec = z.strictObject({
  host: z.string().min(1),
  subsets: z.array(Subset).default([]),
  trafficPolicy: z.record(z.string(), z.unknown()).optional(),
  exportTo: z.array(z.string().min(1)).optional(),
  workloadSelector: z.strictObject({ matchLabels: LabelMap.default({}) }).optional(),
});
export type DestinationRuleSpec = z.infer<typeof DestinationRuleSpec>;
