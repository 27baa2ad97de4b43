import { Status } from "../schemas.ts";
import type { Route } from "./route.ts";

export function healthz(): Route {
  return {
    method: "GET",
    path: "/healthz",
    summary: "Tells that the process runs",
    answer: { "application/json": Status },
    handle: (call) => call.json({ status: "ok" }),
  };
}
