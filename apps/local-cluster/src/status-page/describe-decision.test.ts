import { expect, test } from "bun:test";
import type { Decision } from "@hookline/mesh";
import { describeDecision } from "./describe-decision.ts";

const OPS = { set: [], add: [], remove: [] };

test.each([
  [1, "up to 1 more try on 503"],
  [2, "up to 2 more tries on 503"],
])("describeDecision() counts %i of the tries", (attempts, told) => {
  const decision: Decision = {
    kind: "forward",
    route: { route: "all", index: 0 },
    destination: { fqdn: "a", port: 80, subset: undefined, labels: {}, namespace: "ns" },
    request: OPS,
    response: OPS,
    mirrors: [],
    timeoutMs: undefined,
    retries: { attempts, retryOn: ["503"] },
    rewrite: undefined,
    fault: undefined,
    limits: undefined,
  };
  expect(describeDecision(decision)).toContain(told);
});
