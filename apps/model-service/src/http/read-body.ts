import { ServiceError, tooLarge } from "@hookline/http-service";
import { createDeadlines } from "./deadlines.ts";

const EMPTY = Promise.resolve("");

/** Reads request bodies within a size and a time. */
export interface BodyReader {
  /**
   * The body as text, empty when there is none. Rejects with a `ServiceError`: `TOO_LARGE` beyond
   * `mostBytes`, before more of it is read; `SLOW_BODY` when it does not end in time; `MALFORMED`
   * when it breaks off, or is not UTF-8: with its bytes replaced another URL would be judged. U+FFFD
   * itself, which stands for bytes that were lost, must be escaped.
   */
  readText(request: Request, mostBytes: number): Promise<string>;
  /** The same time limit for one step of reading a stream. */
  limit<T>(step: Promise<T>): Promise<T>;
}

export function createBodyReader(options: { readonly timeoutMs: number }): BodyReader {
  const { limit } = createDeadlines(options);
  return {
    limit: (step) => limit(step, (value) => value),
    readText(request, mostBytes) {
      const length = request.headers.get("content-length");
      if (length !== null) {
        if (Number(length) > mostBytes) {
          throw tooLarge(mostBytes);
        }
        // `request.body` is not looked at: that alone turns the body into a stream, which costs
        // as much as scoring it.
        return limit(request.text(), requireWhole);
      }
      return request.body === null ? EMPTY : limit(readStream(request.body, mostBytes), decode);
    },
  };
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  mostBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw tooLarge(mostBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Refuses text in which the reader has put U+FFFD for bytes that are no UTF-8: cheaper than to read bytes. */
function requireWhole(text: string): string {
  if (text.includes("\uFFFD")) {
    throw new ServiceError("The body is not UTF-8, or holds U+FFFD unescaped", {
      code: "MALFORMED",
    });
  }
  return text;
}

const DECODER = new TextDecoder();

function decode(bytes: Uint8Array): string {
  return requireWhole(DECODER.decode(bytes));
}
