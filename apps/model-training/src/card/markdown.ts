// MODEL_CARD.md: the card for people. Everything in it comes from card.json.
import type { Card, SetFigures, SliceFigures } from "./card.ts";
import { describeBand, describeNotUrls, describeShared, describeUse } from "./cautions.ts";
import { renderTable } from "./table.ts";

const percent = (value: number, digits = 1) => `${(value * 100).toFixed(digits)} %`;
const whole = (value: number) => value.toLocaleString("en");

/** The readable card. The three SVG files are expected beside it. */
export function renderModelCard(card: Card): string {
  return [
    introduction(card),
    "## Figures",
    figures(card),
    licenceNote(card),
    "![ROC curve at few false alarms](roc.svg)",
    "![Reliability](reliability.svg)",
    "## Three answers",
    answers(card),
    "![Where the answers lie](scores.svg)",
    "## How much an alarm is worth",
    alarms(card),
    "## Kinds of URL",
    slices(card, card.slices, "kind"),
    card.metrics.holdout === undefined ? "## Sources in test" : "## Sources in test and holdout",
    slices(card, card.sources, "source"),
    "## The same address, written another way",
    flips(card),
    "## What it was trained on",
    training(card),
    "## Limits",
    limits(card),
    "",
  ].join("\n\n");
}

function introduction(card: Card): string {
  const what =
    card.name === "linear"
      ? "logistic regression over hashed n-grams and tokens of the URL; each part's weight is exact"
      : "the linear model plus bags of embeddings and a small network";
  return [
    "<!-- Written by `bun run train` from card.json; do not edit. -->",
    `# ${card.name} ${card.version}`,
    `Tells from the text of a URL whether it is phishing: ${what}. It sees neither the page nor who owns the name.`,
    [
      `- file: \`model.onnx\`, ${whole(card.bytes)} bytes, sha256 \`${card.sha256}\``,
      `- features: ${card.contract}; trained ${card.created.slice(0, 10)} by ${card.trainer.name} ${card.trainer.version} (revision ${card.trainer.revision.slice(0, 12)}), ${describeSeed(card)}`,
      `- threshold: probability ≥ ${card.threshold} is called phishing; chosen on ${card.thresholdChosen.on} for ${percent(card.thresholdChosen.targetFpr, 0)} false alarms, a site counted as at most ${card.thresholdChosen.rowsPerDomain} rows, then frozen`,
    ].join("\n"),
  ].join("\n\n");
}

function describeSeed({ seed, seedsTried }: Card): string {
  if (seedsTried.length === 1) return `seed ${seed}`;
  const losses = seedsTried.map((tried) => tried.valLogLoss.toFixed(4)).join(", ");
  const seeds = seedsTried.map((tried) => tried.seed).join(", ");
  return `seed ${seed}: of seeds ${seeds} the one with the lowest log loss on val (${losses})`;
}

const ROWS: readonly (readonly [string, FigureName, number])[] = [
  ["accuracy at 0.5", "accuracy", 1],
  ["F1 at 0.5", "f1", 1],
  ["AUC", "auc", 2],
  ["found at 1 % false alarms", "tprAtFpr1", 1],
  ["found at 0.1 % false alarms", "tprAtFpr01", 1],
  ["false alarms of the frozen threshold", "frozenFpr", 2],
  ["found by the frozen threshold", "frozenTpr", 1],
  ["accuracy of the frozen threshold", "frozenAccuracy", 1],
  ["calibration error (15 bins)", "ece", 2],
];
type FigureName = Exclude<
  keyof SetFigures,
  "rows" | "phishing" | "legitimate" | "sites" | "sure" | "points"
>;

function figures({ metrics }: Card): string {
  const columns: readonly (readonly [string, SetFigures | undefined])[] = [
    ["this model, test", metrics.test],
    ["twin, test", metrics.twin?.test],
    ["this model, holdout", metrics.holdout],
    ["twin, holdout", metrics.twin?.holdout],
  ];
  const present = columns.flatMap(([name, set]) => (set === undefined ? [] : [{ name, set }]));
  const cell = (set: SetFigures, name: FigureName, format: (value: number) => string) => {
    const { value, low, high } = set[name];
    return `${format(value)} (${format(low)}–${format(high)})`;
  };
  const shares = ROWS.map(([label, name, digits]) => [
    label,
    ...present.map(({ set }) => cell(set, name, (value) => (value * 100).toFixed(digits))),
  ]);
  const losses = (["logLoss", "brier"] as const).map((name) => [
    name === "logLoss" ? "log loss" : "Brier score",
    ...present.map(({ set }) => cell(set, name, (value) => value.toFixed(4))),
  ]);
  const counts = [
    ["rows (phishing)", (set: SetFigures) => `${whole(set.rows)} (${whole(set.phishing)})`],
    ["sites", (set: SetFigures) => whole(set.sites)],
  ] as const;
  return renderTable(
    ["", ...present.map(({ name }) => name)],
    [
      ...counts.map(([label, of]) => [label, ...present.map(({ set }) => of(set))]),
      ...shares,
      ...losses,
    ],
  );
}

function licenceNote(card: Card): string {
  const { metrics, data } = card;
  const hasHoldout = metrics.holdout !== undefined;
  const shared = describeShared(card);
  const parts = [
    "Shares are in per cent; in brackets 95 % intervals over draws of whole sites.",
    ...(data.shared["test"] === 0 ? ["No site of the test rows is in the training rows."] : []),
    ...(shared === undefined ? [] : [`${shared}.`]),
    ...(hasHoldout ? ["Holdout rows are meant to be of other sources or later months."] : []),
  ];
  if (data.excluded.length > 0) {
    parts.push(
      `This model was trained, calibrated and given its threshold without ${data.excluded.join(", ")}, whose licences forbid commercial use. ${hasHoldout ? "Test and holdout" : "Test"} rows are of all sources.`,
    );
  }
  if (metrics.twin !== undefined) {
    parts.push(
      `The twin was trained on all ${whole(metrics.twin.trainRows)} rows and is given for comparison only; it is not shipped. Its seed, ${metrics.twin.seed}, was chosen in the same way.`,
    );
  }
  return parts.join(" ");
}

function answers({ unsure, metrics }: Card): string {
  const sure = (set: SetFigures) =>
    `${percent(set.sure.coverage)} of the rows, of which ${percent(set.sure.accuracy)} are right`;
  const holdout = metrics.holdout === undefined ? "" : ` On holdout: ${sure(metrics.holdout)}.`;
  return `From ${unsure.high} on the answer is *phishing*, below ${unsure.low} *legitimate*, between them *unsure* (the lower end leaves ${percent(unsure.missRate, 0)} of the phishing rows of validation below it). Outside the band on test: ${sure(metrics.test)}.${holdout}`;
}

function alarms({ precisionAt, prior }: Card): string {
  const rows = precisionAt.map(({ baseRate, precision, holdout }) => [
    `1 in ${Math.round(1 / baseRate).toLocaleString("en")} URLs is phishing`,
    percent(precision),
    holdout === undefined ? "–" : percent(holdout),
  ]);
  return [
    `Of what is called phishing, this share is phishing. Probabilities are calibrated for a share of ${percent(prior, 0)}; real mail and browsing hold far less.`,
    renderTable(["when", "as on test", "as on holdout"], rows),
  ].join("\n\n");
}

function slices(card: Card, sets: Card["slices"], what: string): string {
  const rate = ({ rows, flagged }: SliceFigures["legitimate"]) =>
    rows === 0 ? "–" : `${percent(flagged / rows)} of ${whole(rows)}`;
  const tables = Object.entries(sets).map(([set, list]) => {
    const rows = list
      .filter(({ legitimate, phishing }) => legitimate.rows + phishing.rows > 0)
      .map(({ name, legitimate, phishing }) => [name, rate(legitimate), rate(phishing)]);
    return renderTable([`${what} (${set})`, "false alarms", "phishing found"], rows);
  });
  return [`At the frozen threshold, ${card.threshold}.`, ...tables].join("\n\n");
}

function flips({ flips: { urls, rewrites } }: Card): string {
  const total = rewrites.reduce((sum, rewrite) => sum + rewrite.flips, 0);
  return [
    `${whole(urls)} test URLs, each rewritten in ways that lead to the same page; ${total === 1 ? "1 verdict changes" : `${total} verdicts change`}.`,
    renderTable(
      ["rewrite", "URLs", "changed verdicts"],
      rewrites.map((rewrite) => [rewrite.rewrite, whole(rewrite.urls), whole(rewrite.flips)]),
    ),
  ].join("\n\n");
}

function training({ data }: Card): string {
  const share = percent(data.trainPhishing / data.trainRows, 0);
  const files = data.files.map(
    ({ role, name, sha256 }) => `- ${role}: \`${name}\`, sha256 \`${sha256}\``,
  );
  return [
    `${whole(data.trainRows)} rows, ${share} phishing; ${whole(data.valRows)} validation rows. Rows are counted over the training files; a source that is not used is listed all the same.`,
    renderTable(
      ["source", "label", "rows", "licence", "used"],
      data.sources.map(({ name, label, rows, licence, used }) => [
        name,
        label,
        whole(rows),
        licence,
        used ? "yes" : "**no**",
      ]),
      { text: [1, 3, 4] },
    ),
    files.join("\n"),
  ].join("\n\n");
}

/** Slices on which false alarms are known to be frequent. */
const WEAK = ["login or account path", "free hosting", ".cn"] as const;

function limits(card: Card): string {
  const total = card.metrics.test.frozenFpr.value;
  const grave = [describeNotUrls(card), describeBand(card), describeUse(card)].filter(
    (text) => text !== undefined,
  );
  const weak = WEAK.flatMap((name) => {
    const count = card.slices["test"]?.find((slice) => slice.name === name)?.legitimate;
    if (count === undefined || count.rows === 0 || count.flagged / count.rows <= total) return [];
    return [
      `${name} ${percent(count.flagged / count.rows)} (${whole(count.rows)} ${count.rows === 1 ? "row" : "rows"})`,
    ];
  });
  const often = `- False alarms are more frequent than the ${percent(total)} of all legitimate test rows on: ${weak.join(", ")}.`;
  return [
    ...grave.map((text) => `- ${text}.`),
    "- Labels are those of public lists, not checked by eye: at 0.1 % false alarms the figures also measure the lists.",
    ...(weak.length > 0 ? [often] : []),
    "- A short link or a hacked site shows nothing in its address; the model cannot see it.",
    "- Legitimate rows are in part years old and technical; they are not a sample of anyone's browsing.",
  ].join("\n");
}
