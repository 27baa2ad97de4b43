import { UpError } from "./errors.ts";
import { readLines } from "./read-lines.ts";

/** A program to start: its entry file and the environment it gets on top of a minimal one. */
export interface ProgramOptions {
  readonly name: string;
  readonly entry: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it by force when it fires. */
  readonly abandoned?: AbortSignal;
  /** Takes each line that the program prints. */
  readonly log: (line: string) => void;
}

/** A running program. */
export interface Program {
  readonly name: string;
  /** Where it listens, from its own "listening" line; rejects if it ends before. */
  readonly address: Promise<string>;
  /** Settles when it has ended for whatever reason, with the sentence that says so. */
  readonly ended: Promise<UpError>;
  /** Ends it: SIGTERM, and SIGKILL after the grace period. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

const GRACE_MS = 5_000;

/**
 * Starts a program with the Bun that runs us.
 *
 * The program has to print a JSON line `{"event":"listening","url":…}` when it takes requests.
 */
export function startProgram(options: ProgramOptions): Program {
  const { name, entry, environment, abandoned, log } = options;
  const { promise: address, resolve, reject } = Promise.withResolvers<string>();
  const child = Bun.spawn([process.execPath, entry], {
    env: { ...process.env, ...environment },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    ...(abandoned && { signal: abandoned, killSignal: "SIGKILL" }),
  });
  let lastLine = "";
  const take = (line: string) => {
    lastLine = line;
    const url = parseListening(line);
    if (url) resolve(url);
    log(line);
  };
  const output = Promise.all([readLines(child.stdout, take), readLines(child.stderr, take)]);
  const ended = Promise.all([child.exited, output]).then(([code]) => {
    const end = new UpError(describeEnd(name, code, lastLine), { code: "PROGRAM_ENDED" });
    reject(end);
    return end;
  });
  // A program that is stopped before it listens is no error of anybody.
  address.catch(() => {});
  return { name, address, ended, stop: () => stopChild(child) };
}

/** The sentence for a program that ended by itself. */
function describeEnd(name: string, code: number, lastLine: string): string {
  const said = lastLine === "" ? "it printed nothing" : `its last line was: ${lastLine}`;
  return `Cannot go on without ${name}: it ended with exit code ${code}, ${said}`;
}

async function stopChild(child: Bun.Subprocess): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await child.exited;
  clearTimeout(timer);
}

/** The address in a "listening" line; undefined for any other line. */
export function parseListening(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { event, url }: { event?: unknown; url?: unknown } = JSON.parse(line);
    return event === "listening" && typeof url === "string" ? url : undefined;
  } catch {
    return undefined;
  }
}
