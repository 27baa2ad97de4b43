/** Longest URL that is judged, in UTF-16 units, the same as in model-service. */
const MAX_URL_LENGTH = 2_048;

/** What is wrong with what was asked. The code is for programs, the message for people. */
export interface Problem {
  readonly field: "url" | "guess";
  readonly code: "EMPTY_URL" | "URL_TOO_LONG" | "NOT_A_URL" | "NO_GUESS";
  readonly message: string;
  /** The one link that stands in a text which is none itself. */
  readonly link?: string;
}

/** What the form sends for a visitor who would rather not guess. */
export const NO_OPINION = "none";

/** Said when the URL is there and none of the three buttons was pressed. */
export const NO_GUESS: Problem = {
  field: "guess",
  code: "NO_GUESS",
  message: "What do you think? Choose one of the two, or say that you do not know.",
};

/**
 * What can be said against the URL before the model sees it; undefined when nothing can.
 *
 * Runs in the browser too, so it must not import anything.
 */
export function findUrlProblem(url: string): Problem | undefined {
  if (url.trim() === "") {
    return { field: "url", code: "EMPTY_URL", message: "Enter a link to check." };
  }
  if (url.trim().length > MAX_URL_LENGTH) {
    const length = url.trim().length.toLocaleString("en");
    const limit = MAX_URL_LENGTH.toLocaleString("en");
    return {
      field: "url",
      code: "URL_TOO_LONG",
      message: `This has ${length} characters; ${limit} at most can be checked. Was more than the link copied? Do not cut the link itself.`,
    };
  }
  return undefined;
}
