import { join } from "node:path";
import { readLines } from "../read-lines.ts";
import { type Listening, parseListening } from "./listening.ts";

const WATCHDOG = join(import.meta.dirname, "watchdog.ts");

export interface ChildOptions {
  readonly entry: string;
  /** The folder that the program starts in. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** The process of a pod. */
export interface Child {
  readonly pid: number;
  /** Never settles for a program that ends before it listens. */
  readonly listening: Promise<Listening>;
  readonly exited: Promise<unknown>;
  /** Why it ended, in words; a little after it has. */
  readonly ended: Promise<string>;
  readonly kill: (signal: "SIGKILL" | "SIGTERM") => void;
}

/**
 * Starts a program with the Bun that runs us, in a session of its own: Ctrl-C is for us, and we
 * tell the pods in our order. It ends by itself when we are gone, by its watchdog.
 */
export function startChild({ entry, folder, environment, log }: ChildOptions): Child {
  const { promise: listening, resolve } = Promise.withResolvers<Listening>();
  const child = Bun.spawn([process.execPath, "--no-env-file", "--preload", WATCHDOG, entry], {
    cwd: folder,
    env: environment,
    detached: true,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  let lastLine = "";
  const take = (line: string) => {
    lastLine = line;
    const found = parseListening(line);
    if (found) resolve(found);
    log(line);
  };
  const output = Promise.all([readLines(child.stdout, take), readLines(child.stderr, take)]);
  const ended = child.exited.then(async (code) => {
    // Its last words explain the end; a grandchild that keeps the pipe open shall not hold us up.
    await Promise.race([output, Bun.sleep(100)]);
    const how = child.signalCode ? `it was ended by ${child.signalCode}` : `exit code ${code}`;
    return lastLine === ""
      ? `${how}, it printed nothing`
      : `${how}, its last line was: ${lastLine}`;
  });
  const { pid, exited } = child;
  return { pid, listening, exited, ended, kill: (signal) => child.kill(signal) };
}
