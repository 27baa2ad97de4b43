/** @jsxImportSource hono/jsx */
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { ErrorPage } from "./views/error-page.tsx";
import type { PageInfo } from "./views/page-info.ts";

interface ErrorAnswer {
  readonly status: 400 | 403 | 404 | 405 | 408 | 413 | 415 | 500;
  readonly code: string;
  readonly message: string;
}

/** An error as JSON for programs, and as a page for everyone else. */
export function answerError(c: Context, info: PageInfo, { status, code, message }: ErrorAnswer) {
  const wanted = accepts(c, {
    header: "Accept",
    supports: ["text/html", "application/json"],
    default: "text/html",
  });
  if (c.req.path.startsWith("/api/") || wanted === "application/json") {
    return c.json({ error: { code, message } }, status);
  }
  return c.html(<ErrorPage info={info} status={status} message={message} />, status);
}
