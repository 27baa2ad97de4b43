// Does training depend on chance, and only as much as it should? (S60)
import type { MetricName } from "../evaluate/metrics.ts";
import { expectThat, type Finding } from "./finding.ts";

/** What one training gave. */
export interface Trained {
  readonly seed: number;
  /** The bytes of model.onnx. */
  readonly model: Uint8Array;
  readonly metrics: Readonly<Partial<Record<MetricName, number>>>;
}

/**
 * Complains when two trainings with one seed differ, when two seeds give the same weights (then no
 * training happened), or when their metrics lie further apart than allowed.
 */
export function checkSeeds(a: Trained, b: Trained, most: number): readonly Finding[] {
  const same = Buffer.from(a.model).equals(Buffer.from(b.model));
  if (a.seed === b.seed) {
    return expectThat(same, "same seed", `two trainings with seed ${a.seed} gave other bytes`);
  }
  const apart = Object.entries(a.metrics).flatMap(([name, value]) => {
    const other = Object.entries(b.metrics).find(([key]) => key === name)?.[1] ?? Number.NaN;
    return expectThat(
      Math.abs(value - other) <= most,
      "other seed",
      `${name} is ${value} and ${other}, more than ${most} apart`,
    );
  });
  return [
    ...expectThat(!same, "other seed", `seeds ${a.seed} and ${b.seed} gave the same bytes`),
    ...apart,
  ];
}
