import { isRequestId } from "@hookline/http-service";
import { VARIANTS } from "./config.ts";

// W3C Trace Context, section 3.2: version, trace id, parent id, flags.
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;
const USER_TYPE = /^[\w-]{1,64}$/;
const VERSION_COOKIE = new RegExp(
  `(?:^|;)\\s*(hookline-version=(?:${VARIANTS.join("|")}))\\s*(?:;|$)`,
);

/** The caller's request id, or a fresh one when it sent none that is fit for a log line. */
export function readRequestId(headers: Headers): string {
  const given = headers.get("x-request-id") ?? "";
  return isRequestId(given) ? given : crypto.randomUUID();
}

/**
 * What travels on to the model: request id, trace, user type, and of the cookies only the canary's.
 *
 * Values of another form are dropped: they come from the visitor and go into our own network.
 */
export function forwardHeaders(headers: Headers, requestId: string): Record<string, string> {
  const forwarded: Record<string, string> = { "x-request-id": requestId };
  const traceparent = headers.get("traceparent") ?? "";
  if (TRACEPARENT.test(traceparent)) forwarded["traceparent"] = traceparent;
  const userType = headers.get("user-type") ?? "";
  if (USER_TYPE.test(userType)) forwarded["user-type"] = userType;
  const cookie = VERSION_COOKIE.exec(headers.get("cookie") ?? "")?.[1];
  if (cookie !== undefined) forwarded["cookie"] = cookie;
  return forwarded;
}
