import { Hono } from "hono";
import type { AppDependencies } from "../dependencies.ts";

/** `GET /version`: name, version and Git revision of what runs, and its variant. */
export function versionRoute({ info: { version, variant } }: AppDependencies) {
  return new Hono().get("/version", (c) => c.json({ ...version, variant }));
}
