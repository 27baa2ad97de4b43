import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { nameMethod } from "../name-method.ts";
import { tellLength } from "../tell-length.ts";

/** An answer as it is counted: no label holds what a caller chose. */
export interface HttpAnswer {
  readonly method: string;
  /** The pattern that matched, never the path that was asked. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

interface ObserveAnswersOptions {
  readonly isDraining: () => boolean;
  readonly record: (answer: HttpAnswer) => void;
}

/**
 * Counts every answer, whatever made it; says that it is not to be kept, unless it says how long, and
 * while the program drains that its connection ends.
 */
export function observeAnswers({ isDraining, record }: ObserveAnswersOptions): MiddlewareHandler {
  return async (c, next) => {
    const begun = performance.now();
    await next();
    const { headers, status } = c.res;
    // What is not a file with its hash in the name is about one caller, or about now.
    if (!headers.has("cache-control")) {
      headers.set("cache-control", "no-store");
    }
    if (c.req.method === "HEAD") {
      await tellLength(c.res);
    }
    if (isDraining()) {
      headers.set("connection", "close");
    }
    const pattern = routePath(c, -1);
    record({
      method: nameMethod(c.req.method),
      route: pattern.endsWith("*") ? "unmatched" : pattern,
      status,
      seconds: (performance.now() - begun) / 1000,
    });
  };
}
