import type { Pair } from "../pairing/pair.ts";
import { Differences } from "./differences.ts";
import { Minutes } from "./minutes.ts";
import { Tally } from "./tally.ts";
import { createTrial, type Trial, type TrialOptions } from "./trial.ts";

/** A model under its label. */
export interface ModelInfo {
  readonly name: string;
  readonly version: string;
  readonly label: string;
}

/** All that is known of two models, one live and one mirrored. */
export interface Comparison {
  readonly live: ModelInfo;
  readonly mirror: ModelInfo;
  /** When the first pair came, milliseconds since 1970. */
  readonly since: number;
  readonly trial: Trial;
  add(pair: Pair): void;
  /** What the pairs of the last minutes come to. */
  read(minutes: number): {
    readonly tally: Tally;
    readonly differences: Differences;
  };
}

interface ComparisonOptions {
  readonly first: Pair;
  readonly trial: TrialOptions;
  readonly now: () => number;
  /** How many differing URLs `read` gives. */
  readonly mostDifferences: number;
}

/** Compares two models, from their first pair on: for the tests over all of it, for figures by the minute. */
export function createComparison(options: ComparisonOptions): Comparison {
  const { first, now, mostDifferences } = options;
  const trial = createTrial(options.trial);
  const minutes = new Minutes({
    create: () => ({ tally: new Tally(), differences: new Differences() }),
    now,
  });
  return {
    live: tellModel(first.live),
    mirror: tellModel(first.mirror),
    since: now(),
    trial,
    add(pair) {
      const { tally, differences } = minutes.current;
      tally.add(pair);
      differences.addPair(pair);
      trial.add(pair);
    },
    read(count) {
      const tally = new Tally();
      const differences = new Differences(mostDifferences);
      for (const kept of minutes.last(count)) {
        tally.merge(kept.tally);
        for (const difference of kept.differences.all) {
          differences.add(difference);
        }
      }
      return { tally, differences };
    },
  };
}

function tellModel({ model: { name, version }, version: label }: Pair["live"]): ModelInfo {
  return { name, version, label };
}
