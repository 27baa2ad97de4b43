import { Hono } from "hono";
import type { ReportBook } from "../report-book.ts";
import { readWindow } from "./read-window.ts";

/** `GET /api/report?window=1h`: all that the page shows, as JSON; `null` models until there is a pair. */
export function reportRoute({ book }: { readonly book: ReportBook }) {
  return new Hono().get("/api/report", (c) => {
    const window = readWindow(c.req.query("window"));
    const summary = book.summarise(window);
    return c.json(
      summary ?? { window, models: null, pairs: 0, unpaired: book.readUnpaired(window) },
    );
  });
}
