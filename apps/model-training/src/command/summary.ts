import type { Card, SetFigures } from "../card/card.ts";
import type { JobResult } from "../fleet.ts";
import type { ModelKind } from "../learn/weights.ts";
import { renderColumns } from "./columns.ts";

const HEAD = [
  ...["model", "rows", "set", "accuracy %", "AUC", "found @1 %", "found @0.1 %"],
  ...["false alarms %", "found %"],
];

/** The main figures of trained models as a table, and where each was written. */
export function renderResults(
  results: readonly JobResult[],
  target: (kind: ModelKind) => string,
): string {
  const rows = results.flatMap(({ card }) => describeCard(card));
  const places = results.map(
    ({ kind, card, seconds }) =>
      `${target(kind)}: ${kind} ${card.version}, ${card.bytes.toLocaleString("en")} bytes, threshold ${card.threshold}, ${seconds.toFixed(1)} s\n`,
  );
  return `${renderColumns(HEAD, rows)}\n${places.join("")}`;
}

function describeCard({ name, metrics, data }: Card): string[][] {
  const { test, holdout, twin } = metrics;
  const line = (model: string, rows: number, set: string, figures: SetFigures | undefined) =>
    figures === undefined ? [] : [[model, rows.toLocaleString("en"), set, ...describeSet(figures)]];
  return [
    ...line(name, data.trainRows, "test", test),
    ...line(name, data.trainRows, "holdout", holdout),
    ...(twin === undefined ? [] : line(`${name} twin`, twin.trainRows, "test", twin.test)),
    ...(twin === undefined ? [] : line(`${name} twin`, twin.trainRows, "holdout", twin.holdout)),
  ];
}

/** Accuracy, AUC, found at 1 % and 0.1 %, and what the frozen threshold does. */
export function describeSet(figures: SetFigures): string[] {
  const percent = (name: "accuracy" | "tprAtFpr1" | "tprAtFpr01" | "frozenFpr" | "frozenTpr") =>
    (figures[name].value * 100).toFixed(2);
  return [
    percent("accuracy"),
    figures.auc.value.toFixed(4),
    percent("tprAtFpr1"),
    percent("tprAtFpr01"),
    percent("frozenFpr"),
    percent("frozenTpr"),
  ];
}

/** The same for programs. */
export function summarise({ kind, card, seconds }: JobResult) {
  const { version, sha256, bytes, threshold, unsure, metrics, flips } = card;
  const { trainRows } = card.data;
  return { kind, version, sha256, bytes, seconds, trainRows, threshold, unsure, metrics, flips };
}
