import { ServiceError } from "@hookline/http-service";
import { WINDOWS, type Window } from "../summary.ts";

/** The window a query asks for, an hour without one; throws a `ServiceError` for one that is not kept. */
export function readWindow(text: string | undefined): Window {
  const window = text ?? "1h";
  if (isWindow(window)) {
    return window;
  }
  const choice = Object.keys(WINDOWS).join(", ");
  throw new ServiceError(`The window must be one of ${choice}`, { code: "MALFORMED" });
}

function isWindow(text: string): text is Window {
  return Object.hasOwn(WINDOWS, text);
}
