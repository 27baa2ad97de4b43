import type { RequestHead } from "./http/head.ts";
import { HttpError } from "./http/http-error.ts";

const ABSOLUTE = /^(https?):\/\/([^/?#]+)([/?].*)?$/i;
const AUTHORITY = /^(?:[A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/**
 * Where a request wants to go: RFC 9112, 3.2. A target with a host of its own outdoes the Host header.
 * Throws HttpError: 400 for no host or two, 403 for one of https, 404 for CONNECT, which no
 * route of ours takes.
 */
export function readTarget(head: RequestHead): {
  readonly authority: string;
  readonly path: string;
} {
  const { method, target, headers } = head;
  const host = headers.count("host") === 1 ? headers.get("host") : undefined;
  if (host === undefined || !AUTHORITY.test(host)) throw refuse("Cannot read Host", 400);
  if (method === "CONNECT") throw refuse("Cannot connect", 404);
  if (target.includes("#")) throw refuse("Cannot take a fragment", 400);
  if (target.startsWith("/") || (target === "*" && method === "OPTIONS"))
    return { authority: host, path: target };
  const [, scheme, authority, rest] = ABSOLUTE.exec(target) ?? [];
  if (authority === undefined || !AUTHORITY.test(authority))
    throw refuse("Cannot read the target", 400);
  // As Envoy's codec does where the connection has no TLS.
  if (scheme?.toLowerCase() === "https") throw new HttpError("Cannot speak TLS", { status: 403 });
  const path = rest === undefined ? "/" : rest.startsWith("?") ? `/${rest}` : rest;
  return { authority, path };
}

function refuse(message: string, status: number): HttpError {
  return new HttpError(message, { status, isOfCodec: false });
}
