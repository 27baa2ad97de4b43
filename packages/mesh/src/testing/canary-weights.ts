import { z } from "zod";
import type { JsonObject } from "../types.ts";

const Page = z.object({
  kind: z.literal("VirtualService"),
  metadata: z.object({ name: z.literal("app") }),
  spec: z.object({ http: z.array(z.object({ name: z.string(), route: z.unknown().optional() })) }),
});
const Split = z.array(
  z.object({ weight: z.number(), destination: z.object({ subset: z.string() }) }),
);

/** How many visitors in 100 rendered manifests send to each version of the page: a promotion changes it. */
export function readCanaryWeights(resources: readonly JsonObject[]): { v1: number; v2: number } {
  const page = resources.flatMap((one) => Page.safeParse(one).data ?? [])[0];
  const split = Split.parse(page?.spec.http.find(({ name }) => name === "app")?.route);
  const weightOf = (version: string) =>
    split.find(({ destination }) => destination.subset === version)?.weight ?? Number.NaN;
  const weights = { v1: weightOf("v1"), v2: weightOf("v2") };
  if (weights.v1 + weights.v2 !== 100) {
    throw new RangeError(`The weights of the page are ${weights.v1} and ${weights.v2}, not 100`);
  }
  return weights;
}

/** How far off a fair draw may be: five standard deviations of a binomial, as a number of visitors. */
export function spreadOf(visitors: number, weight: number): number {
  const share = weight / 100;
  return 5 * Math.sqrt(visitors * share * (1 - share));
}
