import * as z from "zod";
import { checkShape, parseBody, requireType } from "../http/parse-body.ts";
import type { BodyReader } from "../http/read-body.ts";
import type { Predictor } from "../predictor.ts";
import type { Reporter } from "../report/reporter.ts";
import { Answer, PredictBody } from "../schemas.ts";
import type { Route } from "./route.ts";

/** More than the longest URL needs, even when every character is escaped. */
const MOST_BYTES = 65_536;
const JSON_TYPE = "application/json";

export const ExplainQuery = z.object({
  explain: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "true adds what moved the score" }),
});

/** Reads `?explain=`; throws a `ServiceError` `MALFORMED` for another value than true and false. */
export function readExplain(url: string): boolean {
  const at = url.indexOf("?");
  if (at < 0) {
    return false;
  }
  const query = Object.fromEntries(new URLSearchParams(url.slice(at + 1)));
  return checkShape(ExplainQuery, query).explain === "true";
}

interface PredictOptions {
  readonly predictor: Predictor;
  readonly bodies: BodyReader;
  readonly reporter?: Reporter | undefined;
}

export function predict({ predictor, bodies, reporter }: PredictOptions): Route {
  return {
    method: "POST",
    path: "/predict",
    summary: "Tells whether a URL is phishing",
    query: ExplainQuery,
    body: { [JSON_TYPE]: PredictBody },
    answer: { [JSON_TYPE]: Answer },
    errors: ["SLOW_BODY", "TOO_LARGE", "WRONG_TYPE", "NOT_A_URL", "OVERLOADED", "NOT_READY"],
    async handle(call) {
      const request = call.request;
      const explain = readExplain(request.url);
      requireType(request, [JSON_TYPE]);
      const { url } = parseBody(PredictBody, await bodies.readText(request, MOST_BYTES));
      const answer = await predictor.predict(url, { explain, mirrored: call.mirrored });
      const { prediction, probability, decidedBy } = answer;
      call.outcome = { prediction, probability, decidedBy, model: answer.model.version };
      if (reporter !== undefined) {
        const { requestId, mirrored, begun } = call;
        const latencyMs = performance.now() - begun;
        reporter.report({ requestId, mirrored, url, answer, latencyMs });
      }
      return call.json(answer);
    },
  };
}
