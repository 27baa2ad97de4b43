/** Enough for UUIDs and trace ids, and nothing that could forge a log line. */
const ALLOWED = /^[\w.:/+=@-]{1,128}$/;

/** Whether a caller's `x-request-id` is fit to be logged and handed on. */
export function isRequestId(text: string): boolean {
  return ALLOWED.test(text);
}
