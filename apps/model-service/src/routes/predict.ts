import { parseJson, requireType } from "@hookline/http-service";
import { renderAnswer, renderOutcome } from "../answer/render-answer.ts";
import { checkShape } from "../http/check-shape.ts";
import type { BodyReader } from "../http/read-body.ts";
import type { Predictor } from "../predictor.ts";
import type { Reporter } from "../report/reporter.ts";
import { Answer, MOST_CHARACTERS, PredictBody } from "../schemas.ts";
import { z } from "../zod.ts";
import type { Route } from "./route.ts";

/** More than the longest URL needs, even when every character is escaped. */
const MOST_BYTES = 65_536;
const JSON_TYPE = "application/json";

export const ExplainQuery = z.object({
  explain: z
    .optional(z.enum(["true", "false"]))
    .check(z.meta({ description: "true adds what moved the score" })),
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
      const url = readUrl(await bodies.readText(request, MOST_BYTES));
      const answer = await predictor.predict(url, { explain, mirrored: call.mirrored });
      call.outcome = renderOutcome(answer);
      if (reporter !== undefined) {
        const { requestId, mirrored, begun } = call;
        const latencyMs = performance.now() - begun;
        reporter.report({ requestId, mirrored, url, answer, latencyMs });
      }
      return call.written(renderAnswer(answer));
    },
  };
}

/** The URL of a body. What is plainly right is taken at once; the schema looks at the rest, and says what is wrong. */
function readUrl(text: string): string {
  const value = parseJson(text);
  return isPlainBody(value) ? value.url : checkShape(PredictBody, value).url;
}

/** What `PredictBody` takes, and nothing that it refuses. */
function isPlainBody(value: unknown): value is PredictBody {
  if (typeof value !== "object" || value === null || !("url" in value)) {
    return false;
  }
  const { url } = value;
  for (const name in value) {
    if (name !== "url") {
      return false;
    }
  }
  return typeof url === "string" && url.length >= 1 && url.length <= MOST_CHARACTERS;
}
