import { ServiceError } from "@hookline/http-service";
import { Hono } from "hono";
import type { AppDependencies } from "../dependencies.ts";

/** `GET /assets/:name`: stylesheet, script and icon, under names that carry their hash. */
export function assetsRoute({ assets }: AppDependencies) {
  return new Hono().get("/assets/:name", (c) => {
    const asset = assets.find(c.req.param("name"));
    if (asset === undefined) throw new ServiceError("There is no such file", { code: "NOT_FOUND" });
    c.header("cache-control", "public, max-age=31536000, immutable");
    return c.body(asset.body, 200, { "content-type": asset.type });
  });
}
