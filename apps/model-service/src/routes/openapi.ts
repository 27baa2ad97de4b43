import { z } from "../zod.ts";
import type { Route } from "./route.ts";

interface OpenapiOptions {
  readonly buildDocument: () => unknown;
}

export function openapi({ buildDocument }: OpenapiOptions): Route {
  let text: string | undefined;
  return {
    method: "GET",
    path: "/openapi.json",
    summary: "Gives this interface as an OpenAPI 3.1 document",
    answer: { "application/json": z.looseObject({ openapi: z.literal("3.1.0") }) },
    handle(call) {
      text ??= JSON.stringify(buildDocument());
      return call.text(text, "application/json; charset=utf-8");
    },
  };
}
