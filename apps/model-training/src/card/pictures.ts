// The three pictures of a card: what the model finds at few false alarms, whether its probabilities
// are true, and where its answers lie.
import type { Decision, SetReport } from "../evaluate/evaluate.ts";
import { type Axis, drawDot, drawGuide, drawLine, drawText, renderChart } from "./svg.ts";

const percent = (value: number) => `${Number((value * 100).toFixed(2))} %`;

const SHARES: Axis["ticks"] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, text: percent(at) }));
const linear = (label: string): Axis => ({ label, ticks: SHARES, place: (value) => value });

const LOWEST_FPR = 1e-4;
const FPR: Axis = {
  label: "legitimate URLs called phishing (logarithmic)",
  ticks: [1e-4, 1e-3, 1e-2, 0.1, 1].map((at) => ({ at, text: percent(at) })),
  place: (fpr) => 1 - Math.log(Math.max(fpr, LOWEST_FPR)) / Math.log(LOWEST_FPR),
};

/** The first set is drawn as "a", the second, if any, as "b". */
type Drawn = readonly (readonly [SetReport, "a" | "b"])[];

function drawn(reports: readonly SetReport[]): Drawn {
  return reports.slice(0, 2).map((report, at) => [report, at === 0 ? "a" : "b"] as const);
}

/** The ROC curve with false alarms on a logarithmic axis. */
export function renderRoc(reports: readonly SetReport[]): string {
  const axes = { x: FPR, y: linear("phishing URLs found") };
  const sets = drawn(reports);
  return renderChart({
    title: "Found at few false alarms",
    description: sets
      .map(([{ name, metrics }]) => {
        const [one, tenth] = [metrics.tprAtFpr1.value, metrics.tprAtFpr01.value].map(percent);
        return `${name}: ${one} of phishing found at 1 % false alarms, ${tenth} at 0.1 %.`;
      })
      .join(" "),
    ...axes,
    marks: sets.flatMap(([{ curves, metrics }, mark]) => [
      drawLine(
        curves.roc.map(({ fpr, tpr }) => [fpr, tpr] as const),
        axes,
        mark,
      ),
      drawDot([metrics.frozenFpr.value, metrics.frozenTpr.value], axes, mark),
    ]),
    legend: sets.map(([{ name }, mark]) => ({ text: name, mark })),
  });
}

/** Probability against the share that is phishing; a true probability lies on the diagonal. */
export function renderReliability(reports: readonly SetReport[]): string {
  const axes = { x: linear("probability given"), y: linear("share that is phishing") };
  const sets = drawn(reports);
  return renderChart({
    title: "Are the probabilities true?",
    description: sets
      .map(([{ name, metrics }]) => `${name}: off by ${percent(metrics.ece.value)} on average.`)
      .join(" "),
    ...axes,
    marks: [
      drawGuide([0, 0], [1, 1], axes),
      ...sets.flatMap(([{ curves }, mark]) => {
        const points = curves.reliability.map((bin) => [bin.predicted, bin.observed] as const);
        return [drawLine(points, axes, mark), ...points.map((point) => drawDot(point, axes, mark))];
      }),
    ],
    legend: sets.map(([{ name }, mark]) => ({ text: name, mark })),
  });
}

/** How the answers of one set are spread, by class, with the unsure band. */
export function renderScores(report: SetReport, decision: Decision): string {
  const { legitimate, phishing } = report.curves.scores;
  const most = Math.max(1, ...legitimate, ...phishing);
  const decades = Array.from({ length: Math.ceil(Math.log10(most)) + 1 }, (_, i) => 10 ** i);
  const rows: Axis = {
    label: "rows (logarithmic)",
    ticks: decades.map((at) => ({ at, text: at >= 1000 ? `${at / 1000}k` : `${at}` })),
    place: (value) => Math.log10(Math.max(1, value)) / Math.max(1, decades.length - 1),
  };
  const axes = { x: linear("probability given"), y: rows };
  const { low, high } = decision.band;
  const top = 10 ** (decades.length - 1);
  const steps = (counts: readonly number[]) =>
    counts.flatMap((y, i) => [
      [i / counts.length, y] as const,
      [(i + 1) / counts.length, y] as const,
    ]);
  return renderChart({
    title: `Where the answers lie (${report.name})`,
    description: `Rows by probability. Below ${low} the answer is legitimate, from ${high} on phishing, between unsure: ${percent(1 - report.sure.coverage)} of the rows.`,
    ...axes,
    marks: [
      drawLine(steps(legitimate), axes, "a"),
      drawLine(steps(phishing), axes, "b"),
      ...[low, high].map((at) => drawGuide([at, 1], [at, top], axes)),
      drawText("unsure", [low, top], axes),
    ],
    legend: [
      { text: "legitimate", mark: "a" },
      { text: "phishing", mark: "b" },
    ],
  });
}
