import { Hono } from "hono";
import type { AppDependencies } from "../dependencies.ts";

/** `GET /favicon.ico`, which browsers ask for unasked: the icon under its lasting name. */
export function faviconRoute({ assets }: AppDependencies) {
  return new Hono().get("/favicon.ico", (c) => c.redirect(assets.paths.favicon, 301));
}
