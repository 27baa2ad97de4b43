import type { ThirdPartyState } from "../cluster-state.ts";
import type { ThirdParty } from "../plan.ts";
import type { ThirdPartyName } from "../workloads/images.ts";

export interface DescribeOptions {
  /** The port at which a Deployment's own program listens; undefined where none runs. */
  readonly portOf: (name: string) => number | undefined;
}

/** What is said of each program of others that the overlay names. */
export function describeThirdParty(
  thirdParty: readonly ThirdParty[],
  { portOf }: DescribeOptions,
): readonly ThirdPartyState[] {
  return thirdParty.map(({ program, workload: { name, template } }) => {
    const { image } = template;
    const port = portOf(name);
    if (port !== undefined) return { name, image, runs: "binary", text: `runs on port ${port}` };
    const known = program === undefined ? UNKNOWN : TEXTS[program];
    return { name, image, ...known };
  });
}

type Told = Pick<ThirdPartyState, "runs" | "text">;

const UNKNOWN: Told = { runs: "nothing", text: "not run: nothing here knows its image" };
const TEXTS: Readonly<Record<ThirdPartyName, Told>> = {
  ratelimit: { runs: "stand-in", text: "the built-in limiter stands in, with the same limits" },
  redis: { runs: "nothing", text: "not run: the built-in limiter counts in memory" },
  mailpit: { runs: "nothing", text: "not run: no alert sends mail here" },
};
