import { Hono } from "hono";
import type { AppDependencies } from "../dependencies.ts";

/**
 * `GET /readyz`: whether visitors should be sent here. The model does not matter: without it the
 * page still answers, with `Unknown`.
 */
export function readyzRoute({ isDraining }: AppDependencies) {
  return new Hono().get("/readyz", (c) =>
    isDraining() ? c.json({ status: "draining" }, 503) : c.json({ status: "ready" }),
  );
}
