import type { ThirdPartyState } from "./cluster-state.ts";
import type { ThirdParty } from "./plan.ts";

/** What is said of each program of others that the overlay names. */
export function describeThirdParty(thirdParty: readonly ThirdParty[]): readonly ThirdPartyState[] {
  return thirdParty.map(({ program, workload }) => {
    const known = program === undefined ? undefined : TEXTS[program];
    return {
      name: workload.name,
      image: workload.template.image,
      ...(known ?? { runs: "nothing", text: "not run: nothing here knows its image" }),
    };
  });
}

const TEXTS: Readonly<
  Record<NonNullable<ThirdParty["program"]>, Pick<ThirdPartyState, "runs" | "text">>
> = {
  ratelimit: { runs: "stand-in", text: "the built-in limiter stands in, with the same limits" },
  redis: { runs: "nothing", text: "not run: the built-in limiter counts in memory" },
  mailpit: { runs: "nothing", text: "not run: no alert sends mail here" },
};
