import { canonicalise } from "@hookline/lib-ml";
import type { Row } from "../dataset.ts";
import { TrainingError } from "../errors.ts";
import type { UrlScorer } from "./score.ts";
import { numberTexts, type Scored } from "./scored.ts";
import { siteOf } from "./site.ts";
import { listSlices } from "./slices.ts";

/** The rows of one file in memory, with what does not depend on a model. */
export interface EvaluationSet {
  readonly name: string;
  readonly rows: readonly Row[];
  /** The number of each row's site. */
  readonly domain: Int32Array;
  /** The sites by their number. */
  readonly domains: readonly string[];
  /** The slices of each row. */
  readonly slices: readonly (readonly string[])[];
  /** The length of each row's canonical text, UTF-16 units. */
  readonly length: Int32Array;
  /** Rows that are left out because their text is not a URL. */
  readonly notUrls: number;
}

/** Reads rows into memory. Throws a TrainingError when a class is missing: nothing could be measured. */
export async function readEvaluationSet(
  name: string,
  rows: AsyncIterable<Row>,
): Promise<EvaluationSet> {
  const kept: Row[] = [];
  const sites: string[] = [];
  const lengths: number[] = [];
  const slices: (readonly string[])[] = [];
  let notUrls = 0;
  for await (const row of rows) {
    const canonical = canonicalise(row.url);
    if (canonical === undefined) {
      notUrls += 1;
      continue;
    }
    kept.push(row);
    sites.push(siteOf(canonical));
    lengths.push(canonical.text.length);
    slices.push(listSlices(row.url));
  }
  requireBothClasses(name, kept);
  const { codes } = numberTexts(sites);
  const domains = [...new Set(sites)];
  const length = Int32Array.from(lengths);
  return { name, rows: kept, domain: codes, domains, slices, length, notUrls };
}

function requireBothClasses(name: string, rows: readonly Row[]): void {
  const phishing = rows.filter((row) => row.label === 1).length;
  const legitimate = rows.length - phishing;
  if (phishing > 0 && legitimate > 0) return;
  const found = `${phishing} phishing and ${legitimate} legitimate rows`;
  const message = `Cannot use the ${name} data: both classes are needed, found ${found}`;
  throw new TrainingError("DATA_UNUSABLE", message);
}

/** Asks the model for every row of the set. */
export async function scoreSet(set: EvaluationSet, scorer: UrlScorer): Promise<Scored> {
  const answers = await scorer.score(set.rows.map((row) => row.url));
  const missing = answers.indexOf(undefined);
  if (missing >= 0) {
    const url = set.rows[missing]?.url;
    throw new TrainingError("MODEL_BROKEN", `Cannot score "${url}": the model gave no answer`);
  }
  return {
    probability: Float64Array.from(answers, (answer) => answer ?? 0),
    label: Uint8Array.from(set.rows, (row) => row.label),
    domain: set.domain,
    domains: set.domains.length,
  };
}
