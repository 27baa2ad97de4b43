import { RequestError } from "./errors.ts";
import { formatSeconds } from "./format-seconds.ts";

export interface ReadBodyOptions {
  /** The one content type that is taken, without parameters. */
  readonly type: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** What the routes take: a URL and a guess fit many times over. */
export const BODY_LIMITS = { maxBytes: 16 * 1024, timeoutMs: 5_000 } as const;

/**
 * The body as text.
 *
 * Throws a RequestError for another type, for a packed body, for more than `maxBytes` (told by the header before
 * anything is read, else while reading), for a body that takes longer than `timeoutMs`, and for
 * bytes that are not UTF-8.
 */
export async function readBody(
  request: Request,
  { type, maxBytes, timeoutMs }: ReadBodyOptions,
): Promise<string> {
  const given = request.headers.get("content-type") ?? "";
  if (given.split(";")[0]?.trim().toLowerCase() !== type) {
    throw new RequestError(`Content-type must be ${type}`, { code: "WRONG_TYPE" });
  }
  const coding = request.headers.get("content-encoding") ?? "identity";
  if (coding.toLowerCase() !== "identity") {
    throw new RequestError("The body must be sent without content-encoding", {
      code: "WRONG_TYPE",
    });
  }
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(
      new RequestError(`The body took longer than ${formatSeconds(timeoutMs)}`, {
        code: "SLOW_BODY",
      }),
    );
  }, timeoutMs);
  try {
    return await Promise.race([readText(request, maxBytes), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (cause) {
    if (cause instanceof RequestError) throw cause;
    throw new RequestError("The body did not arrive whole, or is not UTF-8", {
      code: "MALFORMED",
      cause,
    });
  }
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(`The body is larger than ${maxBytes / 1024} KiB`, { code: "TOO_LARGE" });
}
