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
  const durationMs = Math.round(answered.durationMs * 1000) / 1000;
  const about = readAbout(call.request.method, route, answered.status);
  const failed = code === undefined ? "" : `,"code":"${code}"`;
  const came = outcome === undefined ? "" : `,"outcome":${outcome}`;
  const side = mirrored ? ',"mirrored":true' : ',"mirrored":false';
  log.write(
    PROBES.has(route) ? "debug" : "info",
    "request",
    `"requestId":"${requestId}"${about}${durationMs}${side}${failed}${came}`,
  );
}

let last = { method: "", route: "", status: 0, text: "" };

/** The members that most requests have in common with the one before: one piece costs less than seven. */
function readAbout(method: string, route: string, status: number): string {
  if (method !== last.method || route !== last.route || status !== last.status) {
    const text = `,"method":${JSON.stringify(method)},"route":"${route}","status":${status},"durationMs":`;
    last = { method, route, status, text };
  }
  return last.text;
}

interface Answered {
  readonly status: number;
  readonly durationMs: number;
}
