import { Hono } from "hono";
import { errorBody } from "../errors.ts";

/** `GET /healthz`: the process answers; `GET /readyz`: whether requests should be sent to it. */
export function probeRoutes({ isDraining }: { readonly isDraining: () => boolean }) {
  return new Hono()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", (c) => {
      if (!isDraining()) {
        return c.json({ status: "ready" });
      }
      c.header("retry-after", "1");
      return c.json(errorBody("NOT_READY", "The process is stopping"), 503);
    });
}
