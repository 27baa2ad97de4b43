import type { Call } from "./http/call.ts";
import type { Log } from "./log.ts";

/** Probes come every second from every side; their lines are for those who debug. */
const PROBES = new Set(["/healthz", "/readyz"]);

/**
 * Writes the line of one answered request. The members are put together by hand, because each
 * request has one: ids, routes and codes hold nothing that JSON escapes, and a method is asked.
 */
export function logRequest(log: Log, call: Call, answered: Answered): void {
  const { requestId, route, mirrored, errorCode: code, outcome } = call;
  const { method } = call.request;
  const verb = method === "POST" ? '"POST"' : JSON.stringify(method);
  const durationMs = Math.round(answered.durationMs * 1000) / 1000;
  const failed = code === undefined ? "" : `,"code":"${code}"`;
  const came = outcome === undefined ? "" : `,"outcome":${outcome}`;
  log.write(
    PROBES.has(route) ? "debug" : "info",
    "request",
    `"requestId":"${requestId}","method":${verb},"route":"${route}","status":${answered.status},"durationMs":${durationMs},"mirrored":${mirrored}${failed}${came}`,
  );
}

interface Answered {
  readonly status: number;
  readonly durationMs: number;
}
