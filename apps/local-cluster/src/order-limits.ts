import type { LimitRow } from "./data-plane/traffic.ts";

export type OrderedLimit = Pick<LimitRow, "remaining"> & {
  readonly limit?: LimitRow["limit"] | undefined;
};

/** The limits of which the smallest share is left first: 40 of 100 before 9 of 10. */
export function orderLimits<Row extends OrderedLimit>(limits: readonly Row[]): readonly Row[] {
  return limits.toSorted((a, b) => shareLeft(a) - shareLeft(b));
}

function shareLeft({ remaining, limit }: OrderedLimit): number {
  return limit === undefined ? 1 : remaining / Math.max(limit.requestsPerUnit, 1);
}
