import { ServiceError } from "../errors.ts";

interface Pending {
  readonly until: number;
  readonly reject: (error: ServiceError) => void;
}

/** How often overdue bodies are looked for; a timer for each request would cost more than reading it. */
const SWEEP_MS = 100;

const EMPTY = Promise.resolve("");

/** Reads request bodies within a size and a time. */
export interface BodyReader {
  /**
   * The body as text, empty when there is none. Rejects with a `ServiceError`: `TOO_LARGE` beyond
   * `mostBytes`, before more of it is read; `SLOW_BODY` when it does not end in time; `MALFORMED`
   * when it breaks off, or is not UTF-8: with its bytes replaced another URL would be judged.
   */
  readText(request: Request, mostBytes: number): Promise<string>;
  /** The same time limit for one step of reading a stream. */
  limit<T>(step: Promise<T>): Promise<T>;
}

export function createBodyReader({ timeoutMs }: { readonly timeoutMs: number }): BodyReader {
  const pending = new Set<Pending>();
  let sweeper: ReturnType<typeof setInterval> | undefined;

  function sweep(): void {
    const now = performance.now();
    for (const entry of pending) {
      if (entry.until > now) {
        break; // They stand in the order in which they fall due.
      }
      pending.delete(entry);
      entry.reject(
        new ServiceError(`The body did not come within ${timeoutMs} ms`, {
          code: "SLOW_BODY",
          headers: { connection: "close" },
        }),
      );
    }
    if (pending.size === 0) {
      clearInterval(sweeper);
      sweeper = undefined;
    }
  }

  function limit<T>(step: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const entry = { until: performance.now() + timeoutMs, reject };
      pending.add(entry);
      sweeper ??= setInterval(sweep, Math.min(SWEEP_MS, timeoutMs));
      const done = () => pending.delete(entry);
      step.then(
        (value) => {
          done();
          resolve(value);
        },
        (error) => {
          done();
          reject(error instanceof ServiceError ? error : cutOff(error));
        },
      );
    });
  }

  return {
    limit,
    readText(request, mostBytes) {
      const length = request.headers.get("content-length");
      if (length !== null) {
        if (Number(length) > mostBytes) {
          throw tooLarge(mostBytes);
        }
        // `request.body` is not looked at: that alone turns the body into a stream, which costs
        // as much as scoring it.
        return limit(request.bytes()).then(decode);
      }
      return request.body === null ? EMPTY : limit(readStream(request.body, mostBytes));
    },
  };
}

async function readStream(body: ReadableStream<Uint8Array>, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw tooLarge(mostBytes);
    }
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks));
}

const DECODER = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch (error) {
    throw new ServiceError("The body is not UTF-8", { code: "MALFORMED", cause: error });
  }
}

function cutOff(error: unknown): ServiceError {
  // Mostly nobody is there any more to read this: it is for the log, and no fault of ours.
  return new ServiceError("The body did not arrive whole", { code: "MALFORMED", cause: error });
}

function tooLarge(mostBytes: number): ServiceError {
  // The rest of the body is not read, so that the connection cannot be used again.
  return new ServiceError(`The body is larger than ${mostBytes} bytes`, {
    code: "TOO_LARGE",
    headers: { connection: "close" },
  });
}
