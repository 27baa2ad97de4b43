/** What a command leaves: text for its two streams and the exit code. cli.ts prints it. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The output of a command that went well. */
export function succeed(stdout: string, stderr = ""): Output {
  return { stdout, stderr, exitCode: 0 };
}
