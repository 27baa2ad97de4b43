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
