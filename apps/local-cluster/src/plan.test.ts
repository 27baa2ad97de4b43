import { expect, test } from "bun:test";
import { buildPlan } from "./plan.ts";
import { deployment } from "./testing/manifests.ts";

const image = (reference: string) => ({ container: { image: reference } });
const options = { modelFolder: () => "", replicas: undefined };

test("buildPlan() tells our programs from those of others", () => {
  const { workloads, thirdParty, namespace } = buildPlan(
    [
      deployment("web"),
      deployment("redis", image("docker.io/library/redis:8")),
      deployment("cache", image("docker.io/library/redis:8")),
      deployment("limits", image("envoyproxy/ratelimit:1")),
      deployment("proxy", image("docker.io/library/nginx:1")),
    ],
    options,
  );
  expect(namespace).toBe("ns");
  expect(workloads.map(({ name }) => name)).toEqual(["web"]);
  expect(thirdParty.map(({ program, workload }) => [workload.name, program])).toEqual([
    ["redis", "redis"],
    ["cache", "redis"],
    ["limits", "ratelimit"],
    ["proxy", undefined],
  ]);
});

test("buildPlan() takes the given replicas for all of ours", () => {
  const rendered = [deployment("a", { spec: { replicas: 3 } }), deployment("b")];
  const { workloads } = buildPlan(rendered, { ...options, replicas: 2 });
  expect(workloads.map(({ replicas }) => replicas)).toEqual([2, 2]);
  // A quarter of the overlay's eight pods may be missing, of two none: or a change would leave nobody to answer.
  const { workloads: scaled } = buildPlan([deployment("a", { spec: { replicas: 8 } })], {
    ...options,
    replicas: 2,
  });
  expect(scaled[0]?.strategy).toEqual({ kind: "rolling", maxSurge: 1, maxUnavailable: 0 });
});

test("buildPlan() refuses an overlay without a program of ours", () => {
  expect(() => buildPlan([deployment("redis", image("redis:8"))], options)).toThrow(
    "Cannot run this overlay: none of its Deployments has an image of ours",
  );
});
