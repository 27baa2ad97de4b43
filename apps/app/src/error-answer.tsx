/** @jsxImportSource hono/jsx */
import { errorBody } from "@hookline/http-service";
import type { AnsweredError } from "@hookline/http-service/hono";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { ErrorPage } from "./views/error-page.tsx";
import type { PageInfo } from "./views/page-info.ts";

/** An error as JSON for programs, and as a page for everyone else. */
export function answerError(c: Context, info: PageInfo, { status, code, message }: AnsweredError) {
  const wanted = accepts(c, {
    header: "Accept",
    supports: ["text/html", "application/json"],
    default: "text/html",
  });
  if (c.req.path.startsWith("/api/") || wanted === "application/json") {
    return c.json(errorBody(code, message), status);
  }
  return c.html(<ErrorPage info={info} status={status} message={message} />, status);
}
