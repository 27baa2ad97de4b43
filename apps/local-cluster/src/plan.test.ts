import { expect, test } from "bun:test";
import { buildPlan } from "./plan.ts";
import { deployment } from "./testing/manifests.ts";
import { describeThirdParty } from "./third-party/describe.ts";

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
  const portOf = (name: string) => (name === "cache" ? 7 : undefined);
  expect(namespace).toBe("ns");
  expect(workloads.map(({ name }) => name)).toEqual(["web"]);
  expect(
    describeThirdParty(thirdParty, { portOf }).map(({ name, runs, text }) => [name, runs, text]),
  ).toEqual([
    ["redis", "nothing", "not run: the built-in limiter counts in memory"],
    ["cache", "binary", "runs on port 7"],
    ["limits", "stand-in", "the built-in limiter stands in, with the same limits"],
    ["proxy", "nothing", "not run: nothing here knows its image"],
  ]);
});

test("buildPlan() takes the given replicas for all of ours", () => {
  const rendered = [deployment("a", { spec: { replicas: 3 } }), deployment("b")];
  const { workloads } = buildPlan(rendered, { ...options, replicas: 2 });
  expect(workloads.map(({ replicas }) => replicas)).toEqual([2, 2]);
});

test("buildPlan() refuses an overlay without a program of ours", () => {
  expect(() => buildPlan([deployment("redis", image("redis:8"))], options)).toThrow(
    "Cannot run this overlay: none of its Deployments has an image of ours",
  );
});
