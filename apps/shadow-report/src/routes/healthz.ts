import { Hono } from "hono";

/** `GET /healthz`: the process answers. */
export function healthzRoute() {
  return new Hono().get("/healthz", (c) => c.json({ status: "ok" }));
}
