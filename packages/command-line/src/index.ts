export { toPrintable } from "./printable.ts";
export { isSystemError } from "./system-error.ts";
