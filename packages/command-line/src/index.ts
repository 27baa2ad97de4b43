export { toPrintable } from "./printable.ts";
