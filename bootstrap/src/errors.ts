import { isSystemError } from "@hookline/command-line";

/** Why bootstrap stopped. The code is for programs, the message and the next step for people. */
export type BootstrapErrorCode =
  | "BUSY"
  | "CHECKSUM"
  | "CONFLICT"
  | "DEGRADED"
  | "DOWNLOAD"
  | "FORBIDDEN"
  | "GIT"
  | "KUBECONFIG"
  | "NOT_FOUND"
  | "REFUSED"
  | "REPOSITORY"
  | "STOPPED"
  | "SYSTEM"
  | "TIMEOUT"
  | "TLS"
  | "UNAUTHORIZED"
  | "UNREACHABLE"
  | "USAGE"
  | "VERSION";

interface BootstrapErrorOptions extends ErrorOptions {
  readonly code: BootstrapErrorCode;
  readonly next?: string;
}

/** The one error of this program; `next` says what to do about it. */
export class BootstrapError extends Error {
  override name = "BootstrapError";
  readonly code: BootstrapErrorCode;
  /** What to do about it; a sentence or a command. */
  readonly next: string | undefined;

  constructor(message: string, { code, next, ...options }: BootstrapErrorOptions) {
    super(message, options);
    this.code = code;
    this.next = next;
  }
}

/**
 * What is told of an error: of what the system refuses (no room, no right, no such file or program) a sentence, too;
 * undefined for a fault of ours.
 */
export function explainError(action: string, error: unknown): BootstrapError | undefined {
  if (error instanceof BootstrapError) return error;
  if (!isSystemError(error)) return undefined;
  return new BootstrapError(`Cannot ${action}: ${error.message}`, {
    code: "SYSTEM",
    next: "Is what it names there, is there room, and may this user read and write it?",
    cause: error,
  });
}
