import type { RequestHead, ResponseHead } from "./head.ts";
import type { HeaderList } from "./header-list.ts";
import { HttpError } from "./http-error.ts";

/** How long a body is: RFC 9112, 6.3. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "fixed"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-close" };

export const NO_BODY: Framing = { kind: "none" };
export const CHUNKED: Framing = { kind: "chunked" };
const UNTIL_CLOSE: Framing = { kind: "until-close" };
const DIGITS = /^\d{1,15}$/;

/** undefined: no Content-Length. One value only: two lengths are how requests are smuggled. */
function readLength(headers: HeaderList, status: number): number | undefined {
  const text = headers.get("content-length");
  if (text === undefined) return undefined;
  if (!DIGITS.test(text)) throw new HttpError("Cannot read Content-Length", { status });
  return Number(text);
}

/** The framing of a request's body. Throws HttpError 400, or 501 for a coding that is not "chunked". */
export function frameRequest({ headers }: RequestHead): Framing {
  const coding = headers.get("transfer-encoding");
  const length = readLength(headers, 400);
  if (coding === undefined)
    return length === undefined || length === 0 ? NO_BODY : { kind: "fixed", length };
  if (length !== undefined)
    throw new HttpError("Cannot take both lengths of a body", { status: 400 });
  if (coding.toLowerCase() !== "chunked")
    throw new HttpError("Cannot read this transfer coding", { status: 501 });
  return CHUNKED;
}

/** The framing of a response's body, by the method that was asked with. Throws HttpError 502. */
export function frameResponse({ status, headers, minor }: ResponseHead, method: string): Framing {
  const coding = headers.get("transfer-encoding");
  const length = readLength(headers, 502);
  if (coding !== undefined && length !== undefined)
    throw new HttpError("Cannot take both lengths of a body", { status: 502 });
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return NO_BODY;
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked" || minor === 0)
      throw new HttpError("Cannot read this transfer coding", { status: 502 });
    return CHUNKED;
  }
  if (length === undefined) return UNTIL_CLOSE;
  return length === 0 ? NO_BODY : { kind: "fixed", length };
}
