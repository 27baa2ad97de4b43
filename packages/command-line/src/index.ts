export { formatError, type ToldError } from "./format-error.ts";
export { toPrintable } from "./printable.ts";
export { isSystemError } from "./system-error.ts";
