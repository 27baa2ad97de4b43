import type { Declarers } from "./metric-declare.ts";
import type { Answer } from "./schemas.ts";

/** Upper ends of the steps of the cards' references; lengths are whole, "below 10" is "at most 9". */
const PROBABILITY_STEPS = Array.from({ length: 20 }, (_, i) => (i + 1) / 20);
const LENGTH_STEPS = [9, 14, 19, 24, 29, 39, 49, 59, 79, 99, 149, 199, 2047];

export interface AnswerDetails {
  readonly version: string;
  readonly mirrored: boolean;
  /** The length of the canonical URL. */
  readonly characters: number;
}

/** What is counted of each URL that was answered. */
export function declareAnswers(declare: Declarers) {
  const families = declareFamilies(declare);
  // One set of counters for each version, live and mirrored, looked up once an answer.
  const live = new Map<string, AnswerCells>();
  const mirror = new Map<string, AnswerCells>();
  const rate = declare.gauge("model_phishing_rate", {
    help: "Share of all answers so far that were Phishing, in percent",
    labelNames: LABELS,
    collect() {
      for (const cells of [...live.values(), ...mirror.values()]) {
        rate.cell(cells.labels).value = (100 * cells.phishing.value) / cells.urls.value;
      }
    },
  });
  return {
    answered(answer: Answer, { version, mirrored, characters }: AnswerDetails): void {
      const sets = mirrored ? mirror : live;
      let cells = sets.get(version);
      if (cells === undefined) {
        cells = createCells(families, version, mirrored);
        sets.set(version, cells);
      }
      const { prediction, confidence, decidedBy } = answer;
      cells.urls.value++;
      cells.phishing.value += prediction === "Phishing" ? 1 : 0;
      cells.verdicts[confidence === "unsure" ? "unsure" : prediction][decidedBy].value++;
      cells.probability.observe(answer.probability);
      cells.length.observe(characters);
    },
  };
}

const LABELS = ["version", "mirrored"];

function declareFamilies({ counter, histogram }: Declarers) {
  return {
    urls: counter(
      "requests_to_model_total",
      "URLs that the model was asked about and answered",
      ...LABELS,
    ),
    phishing: counter(
      "model_phishing_detection_total",
      "URLs that were answered with Phishing",
      ...LABELS,
    ),
    verdicts: counter(
      "model_answers_total",
      "URLs answered, by verdict and by who decided",
      ...[...LABELS, "verdict", "decided_by"],
    ),
    probability: histogram("model_probability", {
      help: "Probabilities given, in the steps of the card's reference",
      labelNames: LABELS,
      steps: PROBABILITY_STEPS,
    }),
    length: histogram("model_url_characters", {
      help: "Lengths of the canonical URLs, in the steps of the card's reference",
      labelNames: LABELS,
      steps: LENGTH_STEPS,
    }),
  };
}

type AnswerCells = ReturnType<typeof createCells>;

function createCells(
  { urls, phishing, verdicts, probability, length }: ReturnType<typeof declareFamilies>,
  version: string,
  mirrored: boolean,
) {
  const labels = { version, mirrored: String(mirrored) };
  const cell = (verdict: string, decider: string) =>
    verdicts.cell({ ...labels, verdict, decided_by: decider });
  const ofVerdict = (verdict: string) => ({
    model: cell(verdict, "model"),
    "brand-rule": cell(verdict, "brand-rule"),
    "shortener-rule": cell(verdict, "shortener-rule"),
    "private-host-rule": cell(verdict, "private-host-rule"),
    "open-host-rule": cell(verdict, "open-host-rule"),
  });
  return {
    labels,
    urls: urls.cell(labels),
    phishing: phishing.cell(labels),
    verdicts: {
      Phishing: ofVerdict("phishing"),
      Legitimate: ofVerdict("legitimate"),
      unsure: ofVerdict("unsure"),
    },
    probability: probability.cell(labels),
    length: length.cell(labels),
  };
}
