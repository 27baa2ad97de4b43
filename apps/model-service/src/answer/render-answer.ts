import type { Answer } from "../schemas.ts";
import { BASE_RATES } from "./judge.ts";

/**
 * What `JSON.stringify` gives for an answer, in a quarter of its time.
 *
 * Put together by hand because every request pays for it, from as few pieces as can be: each costs
 * memory. Only what may need escaping goes through JSON.stringify. The order of the members is that of `judge`.
 */
export function renderAnswer(answer: Answer): string {
  const { probability, confidence, decidedBy, brand, explanation } = answer;
  const { middles, deciders, model } = findFrame(answer);
  let rates = "";
  for (const { baseRate, probability: there } of answer.atBaseRate) {
    const head = RATES.get(baseRate) ?? renderRate(baseRate);
    rates = rates === "" ? `${head}${there}` : `${rates}},${head}${there}`;
  }
  const close = rates === "" ? "" : "}";
  const start = `${PREDICTIONS[answer.prediction]}${probability}${middles[confidence]}${rates}${close}`;
  if (brand === null && explanation === undefined) {
    return `${start}${deciders[decidedBy]}`;
  }
  const found = brand === null ? "null" : JSON.stringify(brand);
  const rest = explanation === undefined ? "}" : `,"explanation":${JSON.stringify(explanation)}}`;
  return `${start}],"decidedBy":"${decidedBy}","brand":${found},"model":${model}${rest}`;
}

/** The same of the answer's outcome, for the log line. */
export function renderOutcome(answer: Answer): string {
  const { prediction, probability, decidedBy } = answer;
  return `${PREDICTIONS[prediction]}${probability}${findFrame(answer).outcomes[decidedBy]}`;
}

const PREDICTIONS = {
  Phishing: '{"prediction":"Phishing","probability":',
  Legitimate: '{"prediction":"Legitimate","probability":',
} as const;

const renderRate = (baseRate: number) => `{"baseRate":${baseRate},"probability":`;
const RATES = new Map<number, string>(BASE_RATES.map((rate) => [rate, renderRate(rate)]));

type Of = Pick<Answer, "threshold" | "band" | "model">;

/** The pieces that all answers of a model have in common. */
type Frame = ReturnType<typeof buildFrame>;

function buildFrame({ threshold, band: { low, high }, model: { name, version } }: Of) {
  const model = `{"name":"${name}","version":"${version}"}`;
  const middle = (confidence: Answer["confidence"]) =>
    `,"threshold":${threshold},"confidence":"${confidence}","band":{"low":${low},"high":${high}},"atBaseRate":[`;
  const forDeciders = (render: (decidedBy: Answer["decidedBy"]) => string) => ({
    model: render("model"),
    "brand-rule": render("brand-rule"),
    "shortener-rule": render("shortener-rule"),
    "private-host-rule": render("private-host-rule"),
    "open-host-rule": render("open-host-rule"),
  });
  return {
    of: { threshold, low, high, name, version },
    model,
    middles: { sure: middle("sure"), unsure: middle("unsure") },
    deciders: forDeciders((by) => `],"decidedBy":"${by}","brand":null,"model":${model}}`),
    outcomes: forDeciders((by) => `,"decidedBy":"${by}","model":"${version}"}`),
  };
}

let last: Frame | undefined;

/** Made anew only when another model answers than the last time. */
function findFrame(answer: Answer): Frame {
  if (last === undefined || !isOf(last, answer)) {
    last = buildFrame(answer);
  }
  return last;
}

function isOf({ of }: Frame, { threshold, band, model }: Of): boolean {
  return (
    of.threshold === threshold &&
    of.low === band.low &&
    of.high === band.high &&
    of.name === model.name &&
    of.version === model.version
  );
}
