import type { Report } from "./report.ts";

/** What a visitor reads, from harmless to harmful: within the model's band it is neither of the two. */
export const VERDICTS = ["Legitimate", "Unsure", "Phishing"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A report, and what its visitor would read. */
export interface Half extends Report {
  readonly verdict: Verdict;
}

/** The two answers to one request. */
export interface Pair {
  readonly live: Half;
  readonly mirror: Half;
}

/**
 * Makes a pair of two reports. A model service from before this was reported does not say how sure it
 * is: then both are taken by their predictions, or every URL within the band of one would seem to differ.
 */
export function joinReports(live: Report, mirror: Report): Pair {
  const isTold = live.confidence !== undefined && mirror.confidence !== undefined;
  const read = (report: Report): Half => {
    const { confidence, prediction } = report;
    return { ...report, verdict: isTold && confidence === "unsure" ? "Unsure" : prediction };
  };
  return { live: read(live), mirror: read(mirror) };
}

/** What a change to the mirrored model would do to a visitor's warning; undefined where it leaves it as it is. */
export function findWarningChange({ live, mirror }: Pair): "lost" | "new" | undefined {
  const [before, after] = [live, mirror].map(({ verdict }) => verdict === "Phishing");
  if (before === after) {
    return undefined;
  }
  return after ? "new" : "lost";
}
