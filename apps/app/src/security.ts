import { ServiceError } from "@hookline/http-service";
import { guardPage } from "@hookline/http-service/hono";
import type { MiddlewareHandler } from "hono";

const SELF = ["'self'"];

/**
 * Headers that keep the page to itself: only our own files, no frames, no plugins, no inline code.
 *
 * The referrer policy is `same-origin`, not `no-referrer`: under the latter browsers send
 * `Origin: null` with our own form (Fetch standard, "append a request Origin header").
 */
export function createSecureHeaders(): MiddlewareHandler {
  return guardPage({
    allow: { scriptSrc: SELF, connectSrc: SELF, formAction: SELF },
    referrerPolicy: "same-origin",
  });
}

/**
 * Refuses what a page of another site posted in a visitor's name: it could only spoil their score
 * and the counts of the experiment, yet the check is cheap. Callers that are no browser send
 * neither header and pass.
 */
export function requireSameOrigin(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  if (site !== null) {
    if (site === "same-origin" || site === "none") return;
    throw crossOrigin();
  }
  const origin = headers.get("origin");
  if (origin === null) return;
  // Of several forwarders the first saw the visitor.
  const host = headers.get("x-forwarded-host")?.split(",", 1)[0]?.trim() ?? headers.get("host");
  const from = URL.parse(origin);
  // Parsed as well, so that a gateway may name the scheme's own port and browsers leave it out.
  if (!from?.host || URL.parse(`${from.protocol}//${host}`)?.host !== from.host)
    throw crossOrigin();
}

function crossOrigin(): ServiceError {
  return new ServiceError("This form was sent from another site", {
    code: "CROSS_ORIGIN",
    status: 403,
  });
}
