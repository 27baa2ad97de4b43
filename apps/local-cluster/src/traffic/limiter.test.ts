import { expect, test } from "bun:test";
import { configMap, deployment } from "../testing/manifests.ts";
import { readWorkload } from "../workloads/read-workload.ts";
import { parseResources } from "../workloads/resources.ts";
import type { Workload } from "../workloads/workload.ts";
import { type CheckLimits, createLimiterStandIn } from "./limiter.ts";

const CONFIG = (perMinute: number) => `domain: web
descriptors:
  - key: user
    rate_limit: { unit: minute, requests_per_unit: ${perMinute} }
`;

function limiterOf(config: string, variables: Record<string, string> = {}): Workload {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const resources = parseResources([
    deployment("ratelimit", {
      container: { image: "envoyproxy/ratelimit:1", env },
      pod: { volumes: [{ name: "config", configMap: { name: "limits" } }] },
    }),
    configMap("limits", { "config.yaml": config, "notes.txt": "not a limit" }),
  ]);
  const [first] = resources.deployments.map((one) =>
    readWorkload(one, { resources, modelFolder: () => "" }),
  );
  if (first === undefined) throw new Error("Expected a workload");
  return first;
}

const call: Parameters<CheckLimits>[0] = { domain: "web", descriptors: [[["user", "one"]]] };

test("the stand-in limits as the limiter's own configuration says", () => {
  const limiter = createLimiterStandIn({ now: () => 0 });
  limiter.prepare(limiterOf(CONFIG(2)))();
  const answers = [1, 2, 3].map(() => limiter.check(call).overall);
  expect(answers).toEqual(["OK", "OK", "OVER_LIMIT"]);
});

test("the stand-in reads the limiter's environment too", () => {
  const limiter = createLimiterStandIn({ now: () => 0 });
  limiter.prepare(limiterOf(CONFIG(0), { SHADOW_MODE: "true" }))();
  expect(limiter.check(call).overall).toBe("OK");
});

test("counts go on while the configuration is the same, and begin anew with another", () => {
  const limiter = createLimiterStandIn({ now: () => 0 });
  limiter.prepare(limiterOf(CONFIG(1)))();
  limiter.check(call);
  limiter.prepare(limiterOf(CONFIG(1)))();
  expect(limiter.check(call).overall).toBe("OVER_LIMIT");
  const use = limiter.prepare(limiterOf(CONFIG(2)));
  expect(limiter.check(call).overall).toBe("OVER_LIMIT");
  use();
  expect(limiter.check(call).overall).toBe("OK");
});

test("without a limiter a check fails, as a call of one that is not there", () => {
  const limiter = createLimiterStandIn({ now: () => 0 });
  expect(() => limiter.check(call)).toThrow("the overlay has no limiter");
});

test("a configuration that the limiter would refuse is refused", () => {
  const limiter = createLimiterStandIn({ now: () => 0 });
  expect(() => limiter.prepare(limiterOf("domain: web\nnonsense: 1\n"))).toThrow(
    /^Cannot read the limits of Deployment "ratelimit": .*nonsense/,
  );
});
