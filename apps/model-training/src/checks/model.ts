// Is the model better than no model, and as good as was promised? (S57, S59)
import type { Card, SetFigures, SliceFigures } from "../card/card.ts";
import { expectThat, type Finding, percent } from "./finding.ts";

/** Complains when the lower end of the accuracy is not above the better of two baselines. */
export function checkBaselines(figures: SetFigures, bestOneBit: number): readonly Finding[] {
  const majority = Math.max(figures.phishing, figures.legitimate) / figures.rows;
  const low = figures.accuracy.low;
  return [
    ...expectThat(
      low > majority,
      "majority baseline",
      `accuracy ${percent(low)} or more does not beat always saying one class, ${percent(majority)}`,
    ),
    ...expectThat(
      low > bestOneBit,
      "one-bit baseline",
      `accuracy ${percent(low)} or more does not beat one bit, ${percent(bestOneBit)}`,
    ),
  ];
}

/** Least figures (most, for false alarms) that a model must reach on a set. */
export interface Floor {
  readonly accuracy?: number;
  readonly auc?: number;
  readonly tprAtFpr1?: number;
  readonly tprAtFpr01?: number;
  readonly frozenFprAtMost?: number;
}

/** Complains of every figure that is below its floor. */
export function checkFloor(set: string, figures: SetFigures, floor: Floor): readonly Finding[] {
  const least = (["accuracy", "auc", "tprAtFpr1", "tprAtFpr01"] as const).flatMap((name) => {
    const { value } = figures[name];
    const wanted = floor[name] ?? 0;
    return expectThat(value >= wanted, `floor ${name}`, `${set}: ${value} is below ${wanted}`);
  });
  const most = floor.frozenFprAtMost ?? 1;
  const { value } = figures.frozenFpr;
  return [
    ...least,
    ...expectThat(value <= most, "floor frozenFpr", `${set}: ${value} is above ${most}`),
  ];
}

export interface Known {
  readonly url: string;
  readonly phishing: boolean;
}

/** Complains of every URL whose answer everyone knows and the model gets wrong. */
export function checkKnown(
  known: readonly Known[],
  probabilities: readonly (number | undefined)[],
  threshold: number,
): readonly Finding[] {
  return known.flatMap(({ url, phishing }, at) => {
    const p = probabilities[at];
    const said = p === undefined ? "no answer" : `probability ${p.toFixed(3)}`;
    const right = p !== undefined && p >= threshold === phishing;
    return expectThat(right, "known URL", `${url} is ${phishing ? "" : "not "}phishing, ${said}`);
  });
}

/** Slices with fewer rows of a class say too little. */
const LEAST_ROWS = 100;

export interface SliceLimits {
  /** The most false alarms on any slice. */
  readonly falseAlarms: number;
  /** The least phishing found on any slice. */
  readonly found: number;
  /** Slices that are known to be weak, with their own most false alarms. */
  readonly weak?: Readonly<Record<string, number>>;
}

/** Complains of every slice on which the frozen threshold does worse than allowed. */
export function checkSlices(
  slices: readonly SliceFigures[],
  limits: SliceLimits,
): readonly Finding[] {
  return slices.flatMap(({ name, legitimate, phishing }) => {
    const alarms = legitimate.flagged / legitimate.rows;
    const found = phishing.flagged / phishing.rows;
    const most = limits.weak?.[name] ?? limits.falseAlarms;
    return [
      ...expectThat(
        legitimate.rows < LEAST_ROWS || alarms <= most,
        "slice false alarms",
        `${name}: ${percent(alarms)} of ${legitimate.rows}, at most ${percent(most)}`,
      ),
      ...expectThat(
        phishing.rows < LEAST_ROWS || found >= limits.found,
        "slice found",
        `${name}: ${percent(found)} of ${phishing.rows}, at least ${percent(limits.found)}`,
      ),
    ];
  });
}

/** Complains when a model was trained on sources that its licence rules out. */
export function checkSources(card: Card, forbidden: readonly string[]): readonly Finding[] {
  return card.data.sources
    .filter(({ name, used }) => used && forbidden.includes(name))
    .flatMap(({ name }) => expectThat(false, "licence", `${card.name} was trained on ${name}`));
}
