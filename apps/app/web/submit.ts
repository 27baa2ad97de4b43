/** What came back: the main part of the next page, or that there is none. */
export type SubmitAnswer =
  | { readonly kind: "page"; readonly main: string; readonly title: string }
  | { readonly kind: "failed"; readonly status: number; readonly retryAfter: string | null };

// The server gives the model a second; what takes far longer is the way to the server.
const TIMEOUT_MS = 10_000;
// With these the server answers with the form: a verdict, or what is missing.
const OURS: ReadonlySet<number> = new Set([200, 422]);

/** Sends the form just as the browser would, with the button that was pressed, but without leaving the page. */
export async function submitForm(
  form: HTMLFormElement,
  submitter: HTMLButtonElement,
): Promise<SubmitAnswer> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value === "string") body.append(name, value);
  }
  try {
    const response = await fetch("/", {
      method: "POST",
      headers: { accept: "text/html" },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // A gateway's own page is not ours to parse: its styles would break the rule for ours.
    if (!OURS.has(response.status)) return fail(response);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = page.getElementById("main");
    if (main?.querySelector("#check") != null) {
      return { kind: "page", main: main.innerHTML, title: page.title };
    }
    return fail(response);
  } catch {
    // Offline, refused, cut off or too late: for the visitor it is the same.
    return { kind: "failed", status: 0, retryAfter: null };
  }
}

function fail({ status, headers }: Response): SubmitAnswer {
  return { kind: "failed", status, retryAfter: readWait(headers) };
}

/** The seconds to wait: the gateway's own count when it gives one, for a retry-after may be a whole window. */
function readWait(headers: Headers): string | null {
  const reset = headers.get("x-ratelimit-reset");
  return Number(reset) > 0 ? reset : headers.get("retry-after");
}

/** The sentence for an answer that is not our page: the gateway's limit, or no answer at all. */
export function answerProblem({ status, retryAfter }: SubmitAnswer & { kind: "failed" }): string {
  if (status === 429) {
    const seconds = Number(retryAfter);
    const when = seconds > 0 ? `in ${seconds} second${seconds === 1 ? "" : "s"}` : "in a minute";
    return `That was too many checks in a short time. Try again ${when}.`;
  }
  if (status === 0) return "The page could not reach its server. Try again in a moment.";
  return `The server could not answer (status ${status}). Try again in a moment.`;
}
