/** Whether the system refused: a file that is not there or may not be read, no room, no more of something. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && /^E[A-Z0-9]+$/.test(String(error.code));
}
