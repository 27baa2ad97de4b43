import { ServiceError } from "@hookline/http-service";
import { Status } from "../schemas.ts";
import type { Route } from "./route.ts";

interface ReadyzOptions {
  readonly isReady: () => boolean;
}

export function readyz({ isReady }: ReadyzOptions): Route {
  return {
    method: "GET",
    path: "/readyz",
    summary: "Tells whether requests should be sent here",
    description: "Yes after a model was loaded and scored once; no while the process drains.",
    answer: { "application/json": Status },
    errors: ["NOT_READY"],
    handle(call) {
      if (!isReady()) {
        throw new ServiceError("No model is warm, or the process is stopping", {
          code: "NOT_READY",
          headers: { "retry-after": "1" },
        });
      }
      return call.json({ status: "ready" });
    },
  };
}
