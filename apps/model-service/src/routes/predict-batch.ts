import { parseJson, requireType, ServiceError } from "@hookline/http-service";
import { OVERLOADED } from "../error-meanings.ts";
import type { Call } from "../http/call.ts";
import { checkShape } from "../http/check-shape.ts";
import type { BodyReader } from "../http/read-body.ts";
import { MOST_BAGS } from "../model/run-bags.ts";
import { createTurns } from "../model/turns.ts";
import type { BatchItem, Predictor } from "../predictor.ts";
import { Answer, BatchAnswer, BatchBody, ErrorBody, Line } from "../schemas.ts";
import { z } from "../zod.ts";
import { streamLines } from "./ndjson.ts";
import { ExplainQuery, readExplain } from "./predict.ts";
import type { Route } from "./route.ts";

/** A thousand URLs of the longest kind, escaped. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Batches that are explained at a time: more would only hold more explanations, of up to 20 MB each, for as long. */
const MOST_EXPLAINED = 2;
/** NDJSON bodies that are answered at a time: each can hold 20 MB, explained and with a caller who takes nothing. */
const MOST_STREAMS = 16;
const JSON_TYPE = "application/json";
const NDJSON_TYPE = "application/x-ndjson";

interface PredictBatchOptions {
  readonly predictor: Predictor;
  readonly bodies: BodyReader;
  /** Told of what went wrong on our side after the status was sent. */
  readonly onFault: (call: Call, error: unknown) => void;
}

export function predictBatch({ predictor, bodies, onFault }: PredictBatchOptions): Route {
  const takeTurn = createTurns({ most: MOST_EXPLAINED });
  let streams = 0;
  return {
    method: "POST",
    path: "/predict/batch",
    summary: "Tells of many URLs whether they are phishing",
    description:
      "JSON: up to 1,000 URLs, answered together. NDJSON: any number of lines, each a string or an object with a url; one line is answered for each, in their order, while more are still being sent. A wrong URL gets an error in its place.",
    query: ExplainQuery,
    body: { [JSON_TYPE]: BatchBody, [NDJSON_TYPE]: Line },
    answer: { [JSON_TYPE]: BatchAnswer, [NDJSON_TYPE]: z.union([Answer, ErrorBody]) },
    errors: ["SLOW_BODY", "TOO_LARGE", "WRONG_TYPE", "NOT_READY", "OVERLOADED"],
    async handle(call) {
      const request = call.request;
      const options = { explain: readExplain(request.url), mirrored: call.mirrored };
      if (requireType(request, [JSON_TYPE, NDJSON_TYPE]) === NDJSON_TYPE) {
        const predictLines = (urls: Parameters<Predictor["predictEach"]>[0]) =>
          predictor.predictEach(urls, options);
        requireRoom(streams);
        streams++;
        const lines = streamLines(request, {
          bodies,
          predictLines,
          onFault: (error) => onFault(call, error),
          onEnd() {
            streams--;
          },
        });
        return new Response(lines, {
          headers: { "content-type": NDJSON_TYPE, "x-request-id": call.requestId },
        });
      }
      const { urls, letGo } = await readBatch(request, bodies);
      try {
        const predictSlice = (slice: readonly string[]) => {
          requireCaller(request.signal);
          return predictor.predictEach(slice, options);
        };
        const predict = () => predictSlices(urls, predictSlice);
        const results = await (options.explain ? takeTurn(predict) : predict());
        call.outcome = `{"urls":${urls.length}}`;
        return call.json({ results });
      } finally {
        letGo();
      }
    },
  };
}

/** Its URLs wait while those of others are scored: until they are let go they take their room among the bodies. */
async function readBatch(request: Request, bodies: BodyReader) {
  const text = await bodies.readText(request, MOST_BYTES);
  const { urls } = checkShape(BatchBody, parseJson(text));
  return { urls, letGo: bodies.keep(text) };
}

/** A stream lasts as long as its caller likes, so that one more is not let wait. */
function requireRoom(streams: number): void {
  if (streams >= MOST_STREAMS) {
    const message = `${MOST_STREAMS} NDJSON bodies are being answered already; try again in a second`;
    throw new ServiceError(message, { ...OVERLOADED, headers: { "retry-after": "1" } });
  }
}

/** A slice at a time: a thousand URLs at once would fill the queue for everyone else. */
async function predictSlices(
  urls: readonly string[],
  predictSlice: (slice: readonly string[]) => Promise<BatchItem[]>,
): Promise<BatchItem[]> {
  const results: BatchItem[] = [];
  for (let from = 0; from < urls.length; from += MOST_BAGS) {
    results.push(...(await predictSlice(urls.slice(from, from + MOST_BAGS))));
  }
  return results;
}

/** The rest of a batch is not scored for a caller who has hung up: whoever lost patience asks again. */
function requireCaller({ aborted }: AbortSignal): void {
  if (aborted) {
    // Nobody reads this: it is for the log, and no fault of ours.
    throw new ServiceError("The caller left before the answer", { code: "MALFORMED" });
  }
}
