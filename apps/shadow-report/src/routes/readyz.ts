import { Hono } from "hono";

/** `GET /readyz`: whether reports should be sent here. */
export function readyzRoute({ isDraining }: { readonly isDraining: () => boolean }) {
  return new Hono().get("/readyz", (c) =>
    isDraining() ? c.json({ status: "draining" }, 503) : c.json({ status: "ready" }),
  );
}
