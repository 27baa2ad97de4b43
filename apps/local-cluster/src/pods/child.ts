import { join } from "node:path";
import { readLines } from "../read-lines.ts";
import { type Listening, parseListening } from "./listening.ts";

const WATCHDOG = join(import.meta.dirname, "watchdog.ts");

/**
 * What the watchdog is for Bun, for any program: `cat` ends when whoever started it is gone, and with it
 * all of the session, for the program may be a script that started the real one. Signals reach the
 * program through the shell, which tells what is left of the session to end when the program has.
 */
const GUARD = `"$@" </dev/null & p=$!
trap 'kill -TERM $p' TERM
exec 3<&0
(cat <&3 >/dev/null; kill -KILL 0) 2>/dev/null &
while wait $p; s=$?; kill -0 $p 2>/dev/null; do :; done
trap '' TERM; kill -TERM 0; exit $s`;

export interface ChildOptions {
  readonly command: readonly string[];
  /** The folder that the program starts in. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** The command that runs a program of ours with the Bun that runs us. */
export function commandOf(entry: string): readonly string[] {
  return [process.execPath, "--no-env-file", "--preload", WATCHDOG, entry];
}

/** A command of somebody else's program that ends when we do; it must be started in a session of its own. */
export function guard(command: readonly string[]): readonly string[] {
  return ["sh", "-c", GUARD, "sh", ...command];
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
 * Starts a program in a session of its own: Ctrl-C is for us, and we tell the pods in our order.
 * Its standard input is a pipe that only we hold, so that it can see that we are gone.
 */
export function startChild({ command, folder, environment, log }: ChildOptions): Child {
  const { promise: listening, resolve } = Promise.withResolvers<Listening>();
  const child = Bun.spawn([...command], {
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
