import type { Version } from "@hookline/lib-version";
import { Hono } from "hono";

/** `GET /version`: name, version and Git revision of what runs. */
export function versionRoute({ readVersion }: { readonly readVersion: () => Version }) {
  return new Hono().get("/version", (c) => c.json(readVersion()));
}
