import { joinReports, type Pair } from "./pair.ts";
import type { Report, Role } from "./report.ts";

/** What became of a request, when its time was over. */
export const OUTCOMES = ["paired", "live-only", "mirror-only", "conflicting", "evicted"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface PairerOptions {
  /** How long a request is waited for, from its first report on. */
  readonly waitMs: number;
  /** The most requests that are waited for. */
  readonly mostPending: number;
  readonly now: () => number;
  /** Told of each request once; of a paired one with its pair. */
  readonly onSettled: (outcome: Outcome, pair?: Pair) => void;
  /** Told of a report that only says again what is known, as when a request was tried again. */
  readonly onRepeated: () => void;
}

export interface Pairer {
  add(report: Report): void;
  /** Ends the waiting for those whose time is over. */
  settle(): void;
  readonly pending: number;
}

interface Pending {
  readonly since: number;
  live: Report | undefined;
  mirror: Report | undefined;
  conflicting: boolean;
}

/** When there is no room, this share of the pending is given up at once. */
const EVICTED_SHARE = 1 / 16;

/**
 * Puts the live and the mirrored report of a request together.
 *
 * A request is settled `waitMs` after its first report, not when its second one comes: whoever
 * chooses ids of their own may send one for many URLs, and only by then it shows. The reports of such an id
 * contradict each other, in their URL or in the answer of one model to it, and none of them counts.
 * A repeated report that says the same (a request tried again) is no contradiction. What comes after
 * the settling begins anew, and ends unpaired.
 */
export function createPairer(options: PairerOptions): Pairer {
  const { waitMs, mostPending, now, onSettled, onRepeated } = options;
  // In the order of `since`, as a Map keeps it.
  const pending = new Map<string, Pending>();

  function end(id: string, one: Pending, early: boolean): void {
    pending.delete(id);
    const { live, mirror, conflicting } = one;
    if (!conflicting && live !== undefined && mirror !== undefined) {
      onSettled("paired", joinReports(live, mirror));
    } else {
      onSettled(nameUnpaired(one, early));
    }
  }

  /** Many at once: each look for the first entry of a Map passes over those that were deleted. */
  function evict(): void {
    let count = Math.ceil(mostPending * EVICTED_SHARE);
    for (const [id, one] of pending) {
      if (count-- === 0) {
        break;
      }
      end(id, one, true);
    }
  }

  return {
    add(report) {
      const known = pending.get(report.requestId);
      if (known !== undefined) {
        if (merge(known, report)) {
          onRepeated();
        }
        return;
      }
      if (pending.size >= mostPending) {
        evict();
      }
      const one: Pending = { since: now(), live: undefined, mirror: undefined, conflicting: false };
      one[report.role] = report;
      pending.set(report.requestId, one);
    },
    settle() {
      const over = now() - waitMs;
      for (const [id, one] of pending) {
        if (one.since > over) {
          break;
        }
        end(id, one, false);
      }
    },
    get pending() {
      return pending.size;
    },
  };
}

function nameUnpaired({ live, conflicting }: Pending, early: boolean): Outcome {
  if (conflicting) return "conflicting";
  if (early) return "evicted";
  return live === undefined ? "mirror-only" : "live-only";
}

const OTHER: Readonly<Record<Role, Role>> = { live: "mirror", mirror: "live" };

/** Adds a report to those of its request; tells whether it was known already. */
function merge(one: Pending, report: Report): boolean {
  const same = one[report.role];
  const other = one[OTHER[report.role]];
  if ((same !== undefined && !isSame(same, report)) || (other && other.url !== report.url)) {
    one.conflicting = true;
    return false;
  }
  if (same !== undefined) {
    return true;
  }
  one[report.role] = report;
  return false;
}

/** A model gives one URL the same score each time, to the last bit. */
function isSame(first: Report, second: Report): boolean {
  return (
    first.url === second.url &&
    first.probability === second.probability &&
    first.prediction === second.prediction &&
    first.model.name === second.model.name &&
    first.model.version === second.model.version
  );
}
