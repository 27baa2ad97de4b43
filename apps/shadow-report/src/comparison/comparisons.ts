import type { Pair } from "../pairing/pair.ts";
import { type Comparison, createComparison } from "./comparison.ts";
import { MOST_TOLD } from "./differences.ts";
import type { TrialOptions } from "./trial.ts";

/** During a rollout two meet; more at once are a mistake, and must not fill the memory. */
const MOST_COMPARISONS = 3;

export interface Comparisons {
  add(pair: Pair): void;
  /** The one that the latest pair belongs to. */
  readonly current: Comparison | undefined;
}

/** One comparison for each two models, so that another model begins with no verdict. */
export function createComparisons({
  trial,
  now,
}: {
  readonly trial: TrialOptions;
  readonly now: () => number;
}): Comparisons {
  // In the order of their latest pairs.
  const kept = new Map<string, Comparison>();
  let currentKey = "";
  return {
    add(pair) {
      const key = nameModels(pair);
      let comparison = kept.get(key);
      if (comparison === undefined || key !== currentKey) {
        comparison ??= createComparison({
          first: pair,
          trial,
          now,
          mostDifferences: MOST_TOLD,
        });
        kept.delete(key);
        kept.set(key, comparison);
        currentKey = key;
        const [oldest] = kept.keys();
        if (kept.size > MOST_COMPARISONS && oldest !== undefined) {
          kept.delete(oldest);
        }
      }
      comparison.add(pair);
    },
    get current() {
      return kept.get(currentKey);
    },
  };
}

function nameModels({ live, mirror }: Pair): string {
  return [live, mirror]
    .flatMap(({ model: { name, version, digest } }) => [name, version, digest])
    .join(" ");
}
