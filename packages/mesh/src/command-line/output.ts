/** What a command prints, and how it ends. */
export interface Output {
  readonly stdout: string;
  readonly exitCode: number;
}
