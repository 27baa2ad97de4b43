import type { Split } from "./site.ts";

/** An address on its way from a source to a split. */
export interface Candidate {
  readonly label: 0 | 1;
  readonly source: string;
  /** Its source is held out. */
  readonly heldOut: boolean;
  /** As it will be written. */
  readonly url: string;
  /** What the model sees of it; two rows of one key are the same row. */
  readonly key: string;
}

/** A candidate that was chosen for a split. */
export interface Chosen extends Candidate {
  readonly split: Split;
}

/** Root, path or query: what share of the rows has which is made equal for both labels. */
export type Shape = "root" | "path" | "query";

export function shapeOf(url: string): Shape {
  if (url.includes("?")) return "query";
  return url.includes("/") ? "path" : "root";
}

/** A row as a line of a temporary file; no field can hold a tab or a line end. */
export function formatCandidate(row: Candidate, split: Split | "" = ""): string {
  return `${row.label}\t${row.source}\t${row.heldOut ? 1 : 0}\t${row.url}\t${row.key}\t${split}\n`;
}

/** Reads what formatCandidate wrote. */
export function parseCandidate(line: string): Candidate & { readonly split: string } {
  const [label = "", source = "", heldOut = "", url = "", key = "", split = ""] = line.split("\t");
  return { label: label === "1" ? 1 : 0, source, heldOut: heldOut === "1", url, key, split };
}
