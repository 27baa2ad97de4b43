import { ServiceError, tooLarge } from "@hookline/http-service";
import { OVERLOADED } from "../error-meanings.ts";
import { createDeadlines } from "./deadlines.ts";

const EMPTY = Promise.resolve("");

/** A body of so many bytes counts for nothing: as many connections as there can be hold no more than that. */
const SMALL_BYTES = 8_192;
/** What larger bodies may hold at once, while they come and while they wait: two of the largest batches. */
const MOST_BYTES_AT_ONCE = 32 * 1024 * 1024;

/** Reads request bodies within a size and a time. */
export interface BodyReader {
  /**
   * The body as text, empty when there is none. Rejects with a `ServiceError`: `TOO_LARGE` beyond
   * `mostBytes`, before more of it is read; `SLOW_BODY` when it does not end in time; `MALFORMED`
   * when it breaks off, or is not UTF-8: with its bytes replaced another URL would be judged. U+FFFD
   * itself, which stands for bytes that were lost, must be escaped. `OVERLOADED` when the bodies that are
   * being read already hold as much as memory is there for.
   */
  readText(request: Request, mostBytes: number): Promise<string>;
  /**
   * Counts a text that was read as a body that is still being read, for as long as what is in it waits: until the
   * function that it gives is called. Throws `OVERLOADED` as above.
   */
  keep(text: string): () => void;
  /** The same time limit for one step of reading a stream. */
  limit<T>(step: Promise<T>): Promise<T>;
}

export function createBodyReader(options: { readonly timeoutMs: number }): BodyReader {
  const { limit } = createDeadlines(options);
  let held = 0;

  /** Counts bytes of large bodies; a negative number takes them back. */
  function hold(bytes: number): void {
    if (bytes > 0 && held + bytes > MOST_BYTES_AT_ONCE) {
      const message = "Too many large bodies are at work; try again in a second";
      throw new ServiceError(message, { ...OVERLOADED, headers: { "retry-after": "1" } });
    }
    held += bytes;
  }

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
        if (Number(length) <= SMALL_BYTES) {
          return limit(request.text(), requireWhole);
        }
        hold(Number(length));
        return limit(request.text(), requireWhole).finally(() => hold(-Number(length)));
      }
      return request.body === null
        ? EMPTY
        : limit(readStream(request.body, { mostBytes, hold }), decode);
    },
    keep({ length }) {
      if (length <= SMALL_BYTES) {
        return () => undefined;
      }
      hold(length);
      return () => hold(-length);
    },
  };
}

interface ReadStreamOptions {
  readonly mostBytes: number;
  readonly hold: (bytes: number) => void;
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  { mostBytes, hold }: ReadStreamOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let held = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > mostBytes) {
        throw tooLarge(mostBytes);
      }
      if (bytes > SMALL_BYTES) {
        hold(bytes - held);
        held = bytes;
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    hold(-held);
  }
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
