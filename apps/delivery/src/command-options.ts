/** What every command is given. */
export interface CommandOptions {
  /** The root of the checkout. */
  readonly root: string;
  readonly print: (text: string) => void;
}
