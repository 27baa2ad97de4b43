import { tooLarge, tooSlow } from "./body-errors.ts";
import { ServiceError } from "./errors.ts";
import { requireType } from "./require-type.ts";

interface ReadBodyOptions {
  /** The one content type that is taken, without parameters. */
  readonly type: string;
  readonly mostBytes: number;
  readonly timeoutMs: number;
}

/**
 * The body as text, empty when there is none.
 *
 * Throws a `ServiceError` for another type, for a packed body, for more than `mostBytes` (told by the header before
 * anything is read, else while reading), for a body that takes longer than `timeoutMs`, and for
 * bytes that are not UTF-8.
 */
export async function readBody(
  request: Request,
  { type, mostBytes, timeoutMs }: ReadBodyOptions,
): Promise<string> {
  requireType(request, [type]);
  if (Number(request.headers.get("content-length")) > mostBytes) {
    throw tooLarge(mostBytes);
  }
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooSlow(timeoutMs)), timeoutMs);
  try {
    return await Promise.race([readText(request, mostBytes), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function readText(request: Request, mostBytes: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > mostBytes) {
        throw tooLarge(mostBytes);
      }
      texts.push(decoder.decode(chunk, { stream: true }));
    }
    return texts.join("") + decoder.decode();
  } catch (cause) {
    if (cause instanceof ServiceError) {
      throw cause;
    }
    throw new ServiceError("The body did not arrive whole, or is not UTF-8", {
      code: "MALFORMED",
      cause,
    });
  }
}
