import { describe, expect, test } from "bun:test";
import { DestinationRuleSpec } from "./schema/destination-rule.ts";
import { mergePolicies } from "./traffic-policy.ts";

const policy = (trafficPolicy: object) =>
  DestinationRuleSpec.parse({ host: "a", trafficPolicy }).trafficPolicy;

describe("mergePolicies()", () => {
  test.each([
    ["nothing is nothing", undefined, undefined, undefined],
    [
      "without a word the less busy of two",
      policy({}),
      undefined,
      { loadBalancer: "LEAST_REQUEST" },
    ],
    [
      "the subset's own goes over the host's",
      policy({ loadBalancer: { simple: "RANDOM" } }),
      policy({ loadBalancer: { simple: "ROUND_ROBIN" } }),
      { loadBalancer: "ROUND_ROBIN" },
    ],
    [
      "what the subset says nothing of stays",
      policy({ connectionPool: { http: { maxRequestsPerConnection: 5 } } }),
      policy({ loadBalancer: { simple: "RANDOM" } }),
      { loadBalancer: "RANDOM", maxRequestsPerConnection: 5 },
    ],
    [
      "0 requests a connection are no limit",
      policy({ connectionPool: { http: { maxRequestsPerConnection: 0 } } }),
      undefined,
      { loadBalancer: "LEAST_REQUEST" },
    ],
    [
      "0 per cent are Envoy's default, 0 errors are not counted",
      policy({ outlierDetection: { maxEjectionPercent: 0, consecutive5xxErrors: 0 } }),
      undefined,
      {
        loadBalancer: "LEAST_REQUEST",
        outlier: { intervalMs: 10_000, baseEjectionMs: 30_000, maxEjectionPercent: 10 },
      },
    ],
  ])("%s", (_, host, subset, expected) => {
    expect<unknown>(mergePolicies(host, subset)).toEqual(expected);
  });
});
