import { isNobody, type SplitRow } from "./data-plane/traffic.ts";
import { formatShare } from "./format.ts";

export interface SplitGroup {
  /** As "app → model-service". */
  readonly name: string;
  readonly rows: readonly (Pick<SplitRow, "version" | "requests" | "failed"> & {
    /** Of what a version answered; none for what reached no pod. */
    readonly share?: { readonly value: number; readonly text: string };
  })[];
}

/** Who got the requests of each caller to each Service: the versions, then those that reached none. */
export function groupSplits(splits: readonly SplitRow[]): readonly SplitGroup[] {
  const groups = Map.groupBy(splits, ({ from, service }) => `${from} → ${service}`);
  return [...groups].toSorted().map(([name, all]) => {
    const sorted = all.toSorted((a, b) => a.version.localeCompare(b.version));
    const [answered, lost] = [sorted.filter((row) => !isNobody(row)), sorted.filter(isNobody)];
    const sum = answered.reduce((total, { requests }) => total + requests, 0);
    const shared = answered.map((row) => {
      const share = { value: row.requests / sum, text: formatShare(row.requests, sum) };
      return { ...row, share };
    });
    return { name, rows: [...shared, ...lost] };
  });
}
