import type { Context } from "hono";
import { errorBody, type ServiceErrorCode, STATUS } from "../errors.ts";

/** What the program keeps beside a request. */
export interface Env {
  Variables: {
    requestId: string;
    /** The pattern of the route, for metrics and logs; never the raw path. */
    route: string;
    mirrored: boolean;
    /** The code of the error that was answered. */
    errorCode: ServiceErrorCode;
    /** What a prediction came to, for the log line. */
    outcome: Readonly<Record<string, unknown>>;
  };
}

const CHARSET_JSON = "application/json; charset=utf-8";

/** An answer of JSON text that is already written. */
export function answerText(c: Context<Env>, text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: { "content-type": CHARSET_JSON, "x-request-id": c.get("requestId") },
  });
}

/** An answer of a value as JSON. */
export function answerJson(c: Context<Env>, value: unknown, status = 200): Response {
  return answerText(c, JSON.stringify(value), status);
}

/** An answer that says what went wrong, with the status of its code. */
export function answerError(
  c: Context<Env>,
  code: ServiceErrorCode,
  { message, headers }: { message: string; headers?: Readonly<Record<string, string>> },
): Response {
  c.set("errorCode", code);
  return new Response(JSON.stringify(errorBody(code, message)), {
    status: STATUS[code],
    headers: {
      "content-type": CHARSET_JSON,
      "x-request-id": c.get("requestId"),
      ...headers,
    },
  });
}

/** An answer of HTML under a content security policy. */
export function answerPage(
  c: Context<Env>,
  { text, policy }: { readonly text: string; readonly policy: string },
): Response {
  return new Response(text, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-request-id": c.get("requestId"),
    },
  });
}
