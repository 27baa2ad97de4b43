import { RequestError } from "../errors.ts";

export interface ReadBodyOptions {
  /** The one content type that is taken, without parameters. */
  readonly type: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/**
 * The body as text.
 *
 * Throws a `RequestError` for another type, for more than `maxBytes` (told by the header before
 * anything is read, else while reading), for a body that takes longer than `timeoutMs`, and for
 * bytes that are not UTF-8.
 */
export async function readBody(
  request: Request,
  { type, maxBytes, timeoutMs }: ReadBodyOptions,
): Promise<string> {
  const given = request.headers.get("content-type") ?? "";
  if (given.split(";", 1)[0]?.trim().toLowerCase() !== type) {
    throw new RequestError(`Content-type must be ${type}`, { code: "WRONG_TYPE" });
  }
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    throw tooLarge(maxBytes);
  }
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const message = `The body took longer than ${timeoutMs} ms`;
    reject(new RequestError(message, { code: "SLOW_BODY" }));
  }, timeoutMs);
  try {
    return await Promise.race([readText(request, maxBytes), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) {
        throw tooLarge(maxBytes);
      }
      texts.push(decoder.decode(chunk, { stream: true }));
    }
    return texts.join("") + decoder.decode();
  } catch (cause) {
    if (cause instanceof RequestError) {
      throw cause;
    }
    throw new RequestError("The body did not arrive whole, or is not UTF-8", {
      code: "MALFORMED",
      cause,
    });
  }
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(`The body is larger than ${maxBytes} bytes`, { code: "TOO_LARGE" });
}
