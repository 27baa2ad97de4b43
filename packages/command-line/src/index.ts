export { describeFailure } from "./describe-failure.ts";
export { formatAmount, formatCount } from "./format-amount.ts";
export { formatError, type ToldError } from "./format-error.ts";
export { messageOf } from "./message-of.ts";
export { toPrintable } from "./printable.ts";
export { reachLoopback } from "./reach-loopback.ts";
export { isSystemError } from "./system-error.ts";
export { type Lock, takeLock } from "./take-lock.ts";
