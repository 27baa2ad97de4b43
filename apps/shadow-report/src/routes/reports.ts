import { parseJson, readBody, ServiceError } from "@hookline/http-service";
import { Hono } from "hono";
import type * as z from "zod";
import { Reports } from "../pairing/report.ts";
import type { ReportBook } from "../report-book.ts";

/** 500 reports of the most that a model service tells of one. */
const MOST_BYTES = 1024 * 1024;

interface ReportsRouteOptions {
  readonly book: ReportBook;
  readonly bodyTimeoutMs: number;
}

/** `POST /reports` with `{"reports": […]}`: takes all of them, or none and says what is wrong. */
export function reportsRoute({ book, bodyTimeoutMs }: ReportsRouteOptions) {
  return new Hono().post("/reports", async (c) => {
    const type = "application/json";
    const limits = { type, mostBytes: MOST_BYTES, timeoutMs: bodyTimeoutMs };
    const { reports } = parseReports(await readBody(c.req.raw, limits));
    book.add(reports);
    return c.json({ accepted: reports.length }, 202);
  });
}

function parseReports(text: string): z.output<typeof Reports> {
  const parsed = Reports.safeParse(parseJson(text));
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the body";
  throw new ServiceError(`Cannot take these reports: ${where}: ${issue?.message}`, {
    code: "NOT_REPORTS",
    status: 422,
    cause: parsed.error,
  });
}
