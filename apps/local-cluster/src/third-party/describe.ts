import type { ThirdPartyState } from "../cluster-state.ts";
import type { ThirdParty } from "../plan.ts";
import type { ThirdPartyName } from "../workloads/images.ts";

export interface DescribeOptions {
  /** The port at which a Deployment's own program listens; undefined where none runs. */
  readonly portOf: (name: string) => number | undefined;
  /** That of a Prometheus that scrapes all of it. */
  readonly prometheusPort?: number | undefined;
}

/** What is said of each program of others that the overlay names. */
export function describeThirdParty(
  thirdParty: readonly ThirdParty[],
  { portOf, prometheusPort }: DescribeOptions,
): readonly ThirdPartyState[] {
  const told = thirdParty.map(({ program, workload: { name, template } }): ThirdPartyState => {
    const { image } = template;
    const port = portOf(name);
    if (port !== undefined) return { name, image, runs: "binary", text: `runs on port ${port}` };
    const known = program === undefined ? UNKNOWN : TEXTS[program];
    return { name, image, ...known };
  });
  if (prometheusPort === undefined) return told;
  const text = `scrapes all of it, http://127.0.0.1:${prometheusPort}`;
  return [...told, { name: "prometheus", image: "", runs: "binary", text }];
}

type Told = Pick<ThirdPartyState, "runs" | "text">;

const UNKNOWN: Told = { runs: "nothing", text: "not run: nothing here knows its image" };
const TEXTS: Readonly<Record<ThirdPartyName, Told>> = {
  ratelimit: { runs: "stand-in", text: "the built-in limiter stands in, with the same limits" },
  redis: { runs: "nothing", text: "not run: the built-in limiter counts in memory" },
  mailpit: { runs: "nothing", text: "not run: no alert sends mail here" },
};
