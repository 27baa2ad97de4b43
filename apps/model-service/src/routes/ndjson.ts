import { errorBody, MESSAGE, parseJson, ServiceError } from "@hookline/http-service";
import { checkShape } from "../http/check-shape.ts";
import type { BodyReader } from "../http/read-body.ts";
import { MOST_BAGS } from "../model/run-bags.ts";
import type { BatchItem, Parsed } from "../predictor.ts";
import { Line } from "../schemas.ts";
import { createSplitter } from "./split-lines.ts";

/** The longest line, in UTF-16 units: a URL of the longest kind with every character escaped. */
const MOST_LINE = 16_384;
/** What shows that a line is too long: no UTF-16 unit takes more than three bytes. */
const MOST_LINE_BYTES = 3 * (MOST_LINE + 1);

interface StreamLinesOptions {
  readonly bodies: BodyReader;
  readonly predictLines: (urls: readonly Parsed[]) => Promise<BatchItem[]>;
  /** Told of what went wrong on our side after the status was sent. */
  readonly onFault: (error: unknown) => void;
  /** Told once nothing more is read or answered. */
  readonly onEnd: () => void;
}

/**
 * Answers an NDJSON body line by line, blank lines left out.
 *
 * Holds one chunk of the body and one slice of lines at a time, whatever the number of lines: the
 * next chunk is read when the caller has taken the answers to the last. A body that stalls ends
 * the answer with an error line, because the status has been sent by then.
 */
export function streamLines(
  request: Request,
  options: StreamLinesOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const answers = answerLines(request, options);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await answers.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(encoder.encode(value));
        }
      },
      async cancel() {
        await answers.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}

async function* answerLines(
  request: Request,
  { bodies, predictLines, onFault, onEnd }: StreamLinesOptions,
): AsyncGenerator<string, void> {
  const reader = request.body?.getReader();
  if (reader === undefined) {
    onEnd();
    return;
  }
  const splitter = createSplitter({ mostBytes: MOST_LINE_BYTES });
  try {
    for (let done = false; !done; ) {
      const step = await bodies.limit(reader.read());
      done = step.done;
      const lines = step.done ? splitter.end() : splitter.push(step.value);
      for (let from = 0; from < lines.length; from += MOST_BAGS) {
        yield render(await predictLines(lines.slice(from, from + MOST_BAGS).map(parseLine)));
      }
    }
  } catch (error) {
    if (error instanceof ServiceError) {
      yield render([errorBody(error.code, error.message)]);
      return;
    }
    onFault(error);
    yield render([errorBody("INTERNAL", MESSAGE.INTERNAL)]);
  } finally {
    onEnd();
    // Not awaited: a body that stalled does not answer, and the caller must not wait for it.
    void reader.cancel().catch(() => undefined);
  }
}

function render(items: readonly BatchItem[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}

function parseLine(line: string | undefined): Parsed {
  if (line === undefined) {
    return new ServiceError("The line is not UTF-8", { code: "MALFORMED" });
  }
  if (line.length > MOST_LINE) {
    return new ServiceError(`The line is longer than ${MOST_LINE} characters`, {
      code: "TOO_LARGE",
    });
  }
  try {
    const value = checkShape(Line, parseJson(line));
    return typeof value === "string" ? value : value.url;
  } catch (error) {
    if (error instanceof ServiceError) {
      return error;
    }
    throw error;
  }
}
