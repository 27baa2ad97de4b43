// Takes reports, keeps the window, tells what it comes to.
import { type Comparisons, createComparisons } from "./comparison/comparisons.ts";
import { Minutes } from "./comparison/minutes.ts";
import type { Pair } from "./pairing/pair.ts";
import { createPairer, OUTCOMES, type Outcome, type Pairer } from "./pairing/pairer.ts";
import type { Report } from "./pairing/report.ts";
import {
  type Outcomes,
  type Summary,
  type SummarySettings,
  summarise,
  summariseUnpaired,
  WINDOWS,
  type Window,
} from "./summary.ts";

export interface BookSettings extends SummarySettings {
  readonly pairWaitMs: number;
  readonly mostPending: number;
}

/** Who counts along, for Prometheus. */
export interface BookListener {
  reported(report: Report): void;
  repeated(): void;
  settled(outcome: Outcome, pair: Pair | undefined): void;
}

export interface ReportBook {
  add(reports: readonly Report[]): void;
  /** Settles what is due. */
  settle(): void;
  /** Undefined until there is a pair. */
  summarise(window: Window): Summary | undefined;
  /** The requests of the window with one report only. */
  readUnpaired(window: Window): Summary["unpaired"];
  readonly pending: number;
}

interface CreateReportBookOptions {
  readonly settings: BookSettings;
  /** Milliseconds since 1970, never falling. */
  readonly now: () => number;
  readonly listener: BookListener;
}

const NONE: Outcomes = { paired: 0, "live-only": 0, "mirror-only": 0, conflicting: 0, evicted: 0 };

/** Takes reports, pairs them, and gives the summary of a window. */
export function createReportBook({ settings, now, listener }: CreateReportBookOptions): ReportBook {
  const comparisons: Comparisons = createComparisons({ trial: settings, now });
  const minutes = new Minutes({ create: () => ({ ...NONE }), now });
  const pairer: Pairer = createPairer({
    waitMs: settings.pairWaitMs,
    mostPending: settings.mostPending,
    now,
    onSettled(outcome, pair) {
      minutes.current[outcome]++;
      if (pair !== undefined) {
        comparisons.add(pair);
      }
      listener.settled(outcome, pair);
    },
    onRepeated: listener.repeated,
  });

  const readOutcomes = (window: Window) => sumOutcomes(minutes.last(WINDOWS[window]));

  return {
    add(reports) {
      pairer.settle();
      for (const report of reports) {
        listener.reported(report);
        pairer.add(report);
      }
    },
    settle: () => pairer.settle(),
    summarise(window) {
      pairer.settle();
      const comparison = comparisons.current;
      if (comparison === undefined) {
        return undefined;
      }
      return summarise({
        window,
        comparison,
        outcomes: readOutcomes(window),
        outcomesOfHour: readOutcomes("1h"),
        settings,
        now: now(),
      });
    },
    readUnpaired: (window) => summariseUnpaired(readOutcomes(window)),
    get pending() {
      return pairer.pending;
    },
  };
}

function sumOutcomes(minutes: Iterable<Outcomes>): Outcomes {
  const sum = { ...NONE };
  for (const counts of minutes) {
    for (const outcome of OUTCOMES) {
      sum[outcome] += counts[outcome];
    }
  }
  return sum;
}
