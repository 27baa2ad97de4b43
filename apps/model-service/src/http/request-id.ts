import { isRequestId } from "@hookline/http-service";

/** Differs for each process, so that ids of two replicas do not meet. */
const PREFIX = `${crypto.randomUUID().slice(0, 18)}-`;
let count = 0;

/** The caller's id of a request, or a new one when there is none or it is not fit to be logged. */
export function readRequestId(given: string | null): string {
  return given !== null && isRequestId(given) ? given : PREFIX + (count++).toString(36);
}

/** Tells a mirrored request: Envoy ends the host of a shadowed one with `-shadow` (envoy#9094). */
export function isMirrored(host: string | null): boolean {
  // Nearly every host is told apart by the search, which costs less than the pattern.
  return host?.includes("-shadow") === true && /-shadow(:\d+)?$/.test(host);
}
