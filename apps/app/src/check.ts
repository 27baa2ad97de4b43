import { findLinks } from "./find-links.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelAnswer } from "./model-answer.ts";
import type { ModelClient, ModelReply, UnknownReason } from "./model-client.ts";
import { findUrlProblem, type Problem } from "./url-field.ts";
import { showInvisible } from "./url-text.ts";

export const GUESSES = ["phishing", "legitimate"] as const;
export type Guess = (typeof GUESSES)[number];
export type SureVerdict = "Phishing" | "Legitimate";
export type Verdict = SureVerdict | "Unsure" | "Unknown";

interface Asked {
  /** The URL as the model saw it: what was typed, less the white space around it. */
  readonly url: string;
  readonly guess: Guess | null;
}

export type Outcome =
  | (Asked & {
      readonly kind: "judged";
      readonly verdict: Exclude<Verdict, "Unknown">;
      readonly answer: ModelAnswer;
      /** Whether guess and verdict are the same; null when either is missing or not sure. */
      readonly agreed: boolean | null;
    })
  | (Asked & {
      readonly kind: "unknown";
      readonly verdict: "Unknown";
      readonly reason: UnknownReason;
      readonly agreed: null;
    })
  | (Asked & { readonly kind: "problem"; readonly problem: Problem });

export interface CheckOptions {
  readonly modelClient: ModelClient;
  readonly metrics: Metrics;
  /** Headers that travel on to the model. */
  readonly headers: Readonly<Record<string, string>>;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Only what is a link beyond doubt: behind a blank `v1.pdf` may be the rest of a name. */
const SECOND_LINK = /\s["'<([]*(?:https?:\/\/|www\.)/i;
/** So many words behind a link are a text. */
const FEWEST_WORDS = 3;
const TWO_LINKS = "Paste one link alone; in this text there are more.";

/** Asks the model about one URL and counts what came of it. The URL itself is never logged. */
export async function checkUrl(
  typed: string,
  guess: Guess | null,
  { modelClient, metrics, headers, log }: CheckOptions,
): Promise<Outcome> {
  const url = typed.trim();
  const problem = findUrlProblem(url) ?? findSecondLink(url) ?? findTextBehind(url);
  if (problem !== undefined) return { kind: "problem", url, guess, problem };

  const started = performance.now();
  const reply = await modelClient.predict(url, headers);
  metrics.recordModelCall({
    outcome: reply.kind === "unknown" ? reply.reason.code : reply.kind,
    seconds: (performance.now() - started) / 1000,
  });
  if (reply.kind === "unknown") {
    const requestId = headers["x-request-id"];
    log({ event: "model-unknown", ...reply.reason, requestId, cause: describe(reply.cause) });
  }
  const outcome = toOutcome({ url, guess }, reply);
  if (outcome.kind !== "problem") metrics.recordCheck(outcome);
  return outcome;
}

/** A blank may stand in a path, so the model would take two links for one. */
function findSecondLink(url: string): Problem | undefined {
  const isSecond = SECOND_LINK.test(url) && findLinks(url).length > 1;
  return isSecond ? { field: "url", code: "NOT_A_URL", message: TWO_LINKS } : undefined;
}

/** Words that a mail has behind its link, which the model would judge with it; a name with blanks has fewer, or an ending. */
function findTextBehind(url: string): Problem | undefined {
  const [first = "", ...words] = url.split(/\s+/);
  if (words.length < FEWEST_WORDS || /\w\.\w/.test(words.at(-1) ?? "")) return undefined;
  const [link] = findLinks(url);
  if (link === undefined || !first.includes(link)) return undefined;
  return { field: "url", code: "NOT_A_URL", ...pointAt(link) };
}

function pointAt(link: string): Pick<Problem, "message" | "link"> {
  return { message: `Paste the link alone; in this text it is ${showInvisible(link)}`, link };
}

function toOutcome(asked: Asked, reply: ModelReply): Outcome {
  switch (reply.kind) {
    case "rejected": {
      const why = explainRejection(asked.url, reply.message);
      return { ...asked, kind: "problem", problem: { field: "url", code: "NOT_A_URL", ...why } };
    }
    case "unknown":
      return { ...asked, kind: "unknown", verdict: "Unknown", reason: reply.reason, agreed: null };
    case "answered": {
      const verdict = readVerdict(reply.answer);
      const agreed = compare(asked.guess, verdict);
      return { ...asked, kind: "judged", verdict, answer: reply.answer, agreed };
    }
  }
}

/**
 * What was copied was too much, when one link stands in it, or too little; a mail address is neither, and
 * where the model says behind a semicolon what would be right, no more is asked.
 */
function explainRejection(text: string, message: string): Pick<Problem, "message" | "link"> {
  // The model speaks of the field `url`, which no visitor knows.
  const reason = message
    .replace(/^The url /, "it ")
    .replace(/^[A-Z]/, (first) => first.toLowerCase());
  const [link, ...others] = findLinks(text);
  if (others.length > 0) return { message: TWO_LINKS };
  if (link !== undefined) return pointAt(link);
  const isClear = message.includes(";") || text.includes("@");
  const hint = isClear ? "" : " Was all of it copied, as in example.com/page?";
  return { message: `This cannot be checked: ${reason}.${hint}` };
}

/** A brand's rule is sure; the model is sure only outside its band, and never of a link shortener. */
function readVerdict(answer: ModelAnswer): SureVerdict | "Unsure" {
  return answer.decidedBy !== "brand-rule" && answer.confidence === "unsure"
    ? "Unsure"
    : answer.prediction;
}

function compare(guess: Guess | null, verdict: SureVerdict | "Unsure"): boolean | null {
  if (guess === null || verdict === "Unsure") return null;
  return guess === verdict.toLowerCase();
}

function describe(cause: unknown): string | undefined {
  return cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 300) : undefined;
}
