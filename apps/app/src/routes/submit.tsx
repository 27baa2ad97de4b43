/** @jsxImportSource hono/jsx */
import { readBody } from "@hookline/http-service";
import { Hono } from "hono";
import { z } from "zod";
import { BODY_LIMITS } from "../body-limits.ts";
import { checkUrl, GUESSES } from "../check.ts";
import type { AppDependencies } from "../dependencies.ts";
import { forwardHeaders } from "../propagation.ts";
import { addToScore, readScore, writeScore } from "../score.ts";
import { requireSameOrigin } from "../security.ts";
import { findUrlProblem, NO_GUESS, NO_OPINION, type Problem } from "../url-field.ts";
import { showInvisible } from "../url-text.ts";
import { CheckPage } from "../views/check-page.tsx";

const Pressed = z
  .enum([...GUESSES, NO_OPINION])
  .transform((value) => (value === NO_OPINION ? null : value));

/** `POST /` with `url_input` and `guess`: the page again, with the verdict or with what is missing. */
export function submitRoute({ info, metrics, modelClient, log }: AppDependencies) {
  return new Hono<{ Variables: { requestId: string } }>().post("/", async (c) => {
    requireSameOrigin(c.req.raw.headers);
    const type = "application/x-www-form-urlencoded";
    const form = new URLSearchParams(await readBody(c.req.raw, { ...BODY_LIMITS, type }));
    metrics.recordSubmission();
    const url = form.get("url_input") ?? "";
    const guess = Pressed.safeParse(form.get("guess"));
    const score = readScore(c);

    const early = findUrlProblem(url) ?? (guess.success ? undefined : NO_GUESS);
    if (early !== undefined || !guess.success) {
      return c.html(
        <CheckPage info={info} score={score} url={url} problem={early ?? NO_GUESS} />,
        422,
      );
    }
    const headers = forwardHeaders(c.req.raw.headers, c.get("requestId"));
    const outcome = await checkUrl(url, guess.data, { modelClient, metrics, headers, log });
    if (outcome.kind === "problem") {
      const again = offerLink(url, outcome.problem);
      return c.html(<CheckPage info={info} score={score} {...again} />, 422);
    }
    const next = addToScore(score, outcome.agreed);
    if (next !== score) writeScore(c, next);
    return c.html(<CheckPage info={info} score={next} url={url} outcome={outcome} />);
  });
}

/** Of a text with one link in it the link is left in the field: to cut a whole mail down by hand is hard on a phone. */
function offerLink(url: string, problem: Problem): { url: string; problem: Problem } {
  const { link, code } = problem;
  if (link === undefined) return { url, problem };
  const message = `Only the link in this text can be checked. It is in the field now; say once more what you think of ${showInvisible(link)}`;
  return { url: link, problem: { field: "guess", code, message } };
}
