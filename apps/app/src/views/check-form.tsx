/** @jsxImportSource hono/jsx */
import type { Score } from "../score.ts";
import { NO_OPINION, type Problem } from "../url-field.ts";
import { Tackle } from "./tackle.tsx";

interface CheckFormProps {
  readonly url: string;
  readonly problem: Problem | undefined;
  readonly score: Score;
  /** Nothing has been checked yet: the visitor will type here first. */
  readonly isFirst: boolean;
}

/**
 * One form with two submit buttons: works without JavaScript, and web/enhance.ts only makes it smoother.
 *
 * The buttons are `first` and `second`, not red and green: which colour each has is the experiment,
 * and stands in the stylesheet under the variant.
 */
export function CheckForm({ url, problem, score, isFirst }: CheckFormProps) {
  const urlProblem = problem?.field === "url" ? problem : undefined;
  const guessProblem = problem?.field === "guess" ? problem : undefined;
  const isFocused = urlProblem !== undefined || (isFirst && problem === undefined);
  return (
    <section class="ask">
      <Tackle />
      <h1>Is this link phishing?</h1>
      {/* The fragment takes the browser to the verdict when there is no script to do it. */}
      <form id="check" method="post" action="/#result" autocomplete="off">
        {/* Enter in the field presses the first submit button: it must not be one of the guesses. */}
        <button class="visually-hidden" type="submit" tabindex={-1}>
          Continue to the question
        </button>
        <UrlField url={url} problem={urlProblem} isFocused={isFocused} />
        <Guesses problem={guessProblem} />
      </form>
      <ScoreLine score={score} />
    </section>
  );
}

interface UrlFieldProps {
  readonly url: string;
  readonly problem: Problem | undefined;
  readonly isFocused: boolean;
}

function UrlField({ url, problem, isFocused }: UrlFieldProps) {
  return (
    <>
      <label for="url">Link to check</label>
      <input
        id="url"
        name="url_input"
        type="text"
        inputmode="url"
        value={url}
        dir="ltr"
        required
        autofocus={isFocused}
        autocomplete="off"
        autocapitalize="none"
        autocorrect="off"
        spellcheck={false}
        aria-describedby="url-hint url-problem"
        aria-invalid={problem === undefined ? undefined : "true"}
      />
      <p id="url-hint" class="hint">
        Copy the link alone from the message, without opening it.
      </p>
      <p id="url-problem" class="problem">
        {problem?.message}
      </p>
    </>
  );
}

/** The question, its two answers, and what is wrong with the one that was given. */
function Guesses({ problem }: { readonly problem: Problem | undefined }) {
  return (
    <fieldset aria-describedby="guess-problem">
      <legend>Do you think this is phishing?</legend>
      <div class="guesses">
        <button class="guess first" type="submit" name="guess" value="phishing">
          Yes, phishing
        </button>
        <button class="guess second" type="submit" name="guess" value="legitimate">
          No, legitimate
        </button>
        {/* Not a guess, so without a colour, and counted in neither the score nor the experiment. */}
        <button class="no-guess" type="submit" name="guess" value={NO_OPINION}>
          I do not know
        </button>
        <span class="loading" aria-hidden="true">
          Asking the model
        </span>
      </div>
      <p id="guess-problem" class="problem">
        {problem?.message}
      </p>
    </fieldset>
  );
}

function ScoreLine({ score: { agreed, total } }: { readonly score: Score }) {
  return (
    <p id="score" class="score">
      {total === 0 ? (
        "Your score starts with the first sure verdict."
      ) : (
        <>
          Your guess matched{" "}
          <strong>
            {agreed} of {total}
          </strong>{" "}
          sure {total === 1 ? "verdict" : "verdicts"}.
        </>
      )}
    </p>
  );
}
