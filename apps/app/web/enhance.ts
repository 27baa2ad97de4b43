// Makes the form smoother where scripts run: no reload, mistakes told before sending, focus led to
// the answer, and a history in which "back" is the answer before. Everything works without it.
import { findUrlProblem, NO_GUESS } from "../src/url-field.ts";
import { answerProblem, submitForm } from "./submit.ts";

interface Shown {
  readonly main: string;
  readonly title: string;
}

const main = requireElement("main");
const status = requireElement("status");

function requireElement(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element with the id "${id}"`);
  return element;
}

function field(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#url");
}

/** Shows or, without a message, clears what is wrong with the URL or the guess. */
function showProblem(which: "url" | "guess", message = ""): void {
  const line = document.getElementById(`${which}-problem`);
  if (line !== null) line.textContent = message;
  if (which === "url") field()?.toggleAttribute("aria-invalid", false);
  if (which === "url" && message !== "") field()?.setAttribute("aria-invalid", "true");
  status.textContent = message;
}

/** Puts the main part of an answered page in place of ours; both come from the same server and code. */
function show(answer: Shown): void {
  const parsed = new DOMParser().parseFromString(answer.main, "text/html");
  main.replaceChildren(...parsed.body.childNodes);
  document.title = answer.title;
  prepare();
}

function prepare(): void {
  // Our own messages say more than the browser's bubble, and stay.
  document.querySelector<HTMLFormElement>("#check")?.setAttribute("novalidate", "");
}

function setBusy(busy: boolean): void {
  main.setAttribute("aria-busy", String(busy));
  status.textContent = busy ? "Asking the model" : "";
}

/** Where the visitor reads on: the verdict, or the field or buttons that need another try. */
function leadFocus(): void {
  const result = document.getElementById("result");
  if (result !== null) {
    result.focus({ preventScroll: true });
    // On a wide screen the verdict comes into view by itself; there the form may stay where it is.
    const { top } = result.getBoundingClientRect();
    if (top < 0 || top > innerHeight * 0.6) result.scrollIntoView();
    return;
  }
  const target = field()?.getAttribute("aria-invalid") === "true" ? field() : firstGuess();
  target?.focus();
}

function firstGuess(): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>("button[name=guess]");
}

async function check(form: HTMLFormElement, guess: HTMLButtonElement): Promise<void> {
  setBusy(true);
  const answer = await submitForm(form, guess);
  setBusy(false);
  if (answer.kind === "failed") {
    showProblem("guess", answerProblem(answer));
    guess.focus();
    return;
  }
  show(answer);
  if (document.getElementById("result") !== null) {
    history.pushState({ main: answer.main, title: answer.title } satisfies Shown, "", "/");
  }
  leadFocus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.id !== "check") return;
  event.preventDefault();
  if (main.getAttribute("aria-busy") === "true") return;
  const problem = findUrlProblem(field()?.value ?? "");
  showProblem("url", problem?.message);
  if (problem !== undefined) {
    field()?.focus();
    return;
  }
  const pressed = event.submitter;
  if (pressed instanceof HTMLButtonElement && pressed.name === "guess") {
    showProblem("guess");
    void check(form, pressed);
    return;
  }
  // Enter in the field: the question comes next.
  showProblem("guess", NO_GUESS.message);
  firstGuess()?.focus();
});

document.addEventListener("input", (event) => {
  const url = field();
  if (url === null || event.target !== url) return;
  showProblem("url");
  // A verdict must not stand below another URL than the one that it is about.
  const result = document.getElementById("result");
  if (result !== null) result.hidden = url.value !== url.defaultValue;
});

function isShown(state: unknown): state is Shown {
  return typeof state === "object" && state !== null && "main" in state && "title" in state;
}

addEventListener("popstate", ({ state }) => {
  if (!isShown(state)) return;
  const score = document.getElementById("score");
  show(state);
  // The score goes on; only the answer is the one from before.
  if (score !== null) document.getElementById("score")?.replaceWith(score);
});

/** Whether this load goes back to what was here: a reload or a step in the history, not a link. */
function isReturn(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type !== "navigate";
}

// After a reload the answer is still the newest entry of the history: show it, do not lose it.
if (isReturn() && isShown(history.state)) show(history.state);
else history.replaceState({ main: main.innerHTML, title: document.title } satisfies Shown, "");
prepare();
