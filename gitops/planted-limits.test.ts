import { describe, expect, test } from "bun:test";
import { type Fault, plant, testFaults } from "./plant.ts";

const LIMITS = "components/ratelimit/ratelimit/config.yaml";
const FILTER = "components/ratelimit/gateway/envoyfilter-ratelimit.yaml";
const ACTIONS = "components/ratelimit/gateway/envoyfilter-actions.yaml";
const REPLIES = "components/ratelimit/gateway/envoyfilter-replies.yaml";
const GLOBAL = / {12}# Everybody together\.[\s\S]*?descriptor_value: global\n/;
const AUTHORIZATION = / {12}# Who says who he is,[\s\S]*?descriptor_key: authorization\n/;
const ANONYMOUS = / {12}# Who does not,[\s\S]*$/;

const FAULTS: readonly Fault[] = [
  [
    "S40: the global limit is configured and nobody asks for it",
    "limit-is-asked",
    "ConfigMap/ratelimit-config",
    "ratelimit",
    [{ file: ACTIONS, from: GLOBAL, to: "" }],
  ],
  [
    "S39: a caller without authorization has no limit of his own",
    "everybody-limited",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: ACTIONS, from: ANONYMOUS, to: "" }],
  ],
  [
    "a caller with authorization has no limit of his own",
    "everybody-limited",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: ACTIONS, from: AUTHORIZATION, to: "" }],
  ],
  [
    "S39: the gateway waits ten seconds for a dead limiter",
    "limiter-timeout",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: FILTER, from: "timeout: 0.1s", to: "timeout: 10s" }],
  ],
  [
    "a descriptor that the limiter does not know",
    "limit-is-asked",
    "EnvoyFilter/ratelimit-actions",
    "ratelimit",
    [{ file: LIMITS, from: "key: authorization", to: "key: auth_token" }],
  ],
  [
    "keys in another order than the limiter's",
    "limit-is-asked",
    "EnvoyFilter/ratelimit-actions",
    "ratelimit",
    [
      {
        file: LIMITS,
        from: / {2}- key: client[\s\S]*$/,
        to: "  - key: remote_address\n    descriptors:\n      - key: client\n        rate_limit:\n          unit: minute\n          requests_per_unit: 10\n",
      },
    ],
  ],
  [
    "actions without the filter",
    "limits-wired",
    "EnvoyFilter/ratelimit-actions",
    "ratelimit",
    [{ file: FILTER, from: "domain: hookline", to: "stat_prefix: hookline" }],
  ],
  [
    "a filter that cannot be read",
    "mesh-reads",
    "EnvoyFilter/ratelimit-replies",
    "ratelimit",
    [{ file: REPLIES, from: "op: EQ", to: "op: IS" }],
  ],
  [
    "another domain than the limiter's",
    "limits-wired",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: LIMITS, from: "domain: hookline", to: "domain: elsewhere" }],
  ],
  [
    "trap 15: a virtual host of another name",
    "limits-wired",
    "EnvoyFilter/ratelimit-actions",
    "ratelimit",
    [{ file: ACTIONS, from: 'name: ""', to: 'name: "hookline.example:80"' }],
  ],
  [
    "a filter on pods that are no gateway",
    "limits-wired",
    "EnvoyFilter/ratelimit-actions",
    "ratelimit",
    [{ file: ACTIONS, from: "istio: ingressgateway", to: "istio: gateway" }],
  ],
  [
    "the limiter of another namespace",
    "limits-wired",
    "EnvoyFilter/ratelimit",
    "ratelimit",
    [{ file: "overlays/ratelimit/kustomization.yaml", from: /transformers:[\s\S]*$/, to: "" }],
  ],
];

describe("faults planted into the limits", () => {
  testFaults(FAULTS);

  test("without a fault nothing is found", () => {
    expect(plant("ratelimit", [])).toEqual([]);
  }, 120_000);
});
