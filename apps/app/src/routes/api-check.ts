import { parseJson, readBody, ServiceError } from "@hookline/http-service";
import { Hono } from "hono";
import { z } from "zod";
import { BODY_LIMITS } from "../body-limits.ts";
import { checkUrl, GUESSES, type Outcome } from "../check.ts";
import type { AppDependencies } from "../dependencies.ts";
import { forwardHeaders } from "../propagation.ts";
import { requireSameOrigin } from "../security.ts";

const Body = z.strictObject({ url: z.string(), guess: z.enum(GUESSES).optional() });

/** `POST /api/check` with `{"url", "guess"?}`: the same check as the form's, as JSON. */
export function apiCheckRoute({ metrics, modelClient, log }: AppDependencies) {
  return new Hono<{ Variables: { requestId: string } }>().post("/api/check", async (c) => {
    requireSameOrigin(c.req.raw.headers);
    const { url, guess = null } = parseBody(
      await readBody(c.req.raw, { ...BODY_LIMITS, type: "application/json" }),
    );
    metrics.recordSubmission();
    const headers = forwardHeaders(c.req.raw.headers, c.get("requestId"));
    const outcome = await checkUrl(url, guess, { modelClient, metrics, headers, log });
    if (outcome.kind === "problem") {
      const { code, message } = outcome.problem;
      return c.json({ error: { code, message } }, 422);
    }
    return c.json(toJson(outcome));
  });
}

function toJson(outcome: Exclude<Outcome, { kind: "problem" }>) {
  const { verdict, guess, agreed } = outcome;
  return outcome.kind === "judged"
    ? { verdict, guess, agreed, ...outcome.answer }
    : { verdict, guess, agreed, reason: outcome.reason };
}

function parseBody(text: string): z.infer<typeof Body> {
  const parsed = Body.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the body";
  throw new ServiceError(
    `Send {"url": string, "guess"?: "phishing" or "legitimate"}; ${where} is wrong: ${issue?.message}`,
    { code: "MALFORMED", cause: parsed.error },
  );
}
