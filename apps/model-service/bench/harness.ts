// What every benchmark shares: programs to start, a load, the CPU time it cost, and how it is told.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildUrls } from "./urls.ts";

export const ROOM = join(import.meta.dirname, "..");
export const SERVER = join(ROOM, "src/server.ts");
/** The model that is measured: the shipped one, or the small one of the tests where none is yet. */
export const MODEL_DIR = [join(ROOM, "models/v1"), join(ROOM, "testdata/linear")].find(existsSync);

export interface Program {
  readonly pid: number;
  readonly url: string;
  /** Ends it with a signal; gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>;
}

/** Starts a program that prints a line of JSON with its `url`, and waits for that line. */
export async function startProgram(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { quiet = false }: { readonly quiet?: boolean } = {},
): Promise<Program> {
  const child = Bun.spawn([...command], {
    env: { ...process.env, ...environment },
    stdout: "pipe",
    stderr: quiet ? "ignore" : "inherit",
  });
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error(`Cannot measure "${command.join(" ")}": it ended before it listened`);
    }
    text += decoder.decode(value, { stream: true });
  }
  // Its log is read and thrown away, as a container's runtime would read it.
  void (async () => {
    for (let done = false; !done; ) {
      ({ done } = await reader.read());
    }
  })();
  const { url } = JSON.parse(text.slice(0, text.indexOf("\n")));
  return {
    pid: child.pid,
    url,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return child.exited;
    },
  };
}

/** Starts the model service itself on free ports. */
export function startService(environment: Readonly<Record<string, string>> = {}): Promise<Program> {
  return startProgram([process.execPath, SERVER], {
    PORT: "0",
    METRICS_PORT: "0",
    ...(MODEL_DIR && { MODEL_DIR }),
    ...environment,
  });
}

/** CPU time of a process so far, user and system, in µs; the kernel counts in steps of 10 ms. */
function readCpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Resident memory of a process in bytes. */
export function readRss(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1]) * 1024;
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  /** Absent: GET without a body. */
  readonly post?: boolean;
}

export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Median time to an answer, in µs. */
  readonly medianUs: number;
}

const FOLDER = mkdtempSync(join(tmpdir(), "bench-"));
process.on("exit", () => rmSync(FOLDER, { recursive: true }));
const SCRIPT = join(FOLDER, "post.lua");

/** Loads a program with wrk: a thousand different URLs, one after another, over kept connections. */
export async function load(url: string, options: LoadOptions): Promise<Load> {
  const { connections, seconds, post = true } = options;
  if (!existsSync(SCRIPT)) {
    const bodies = buildUrls(1000).map((text) => JSON.stringify(JSON.stringify({ url: text })));
    writeFileSync(
      SCRIPT,
      `local bodies = {${bodies.join(",")}}\nlocal at = 0\nwrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nfunction request() at = at % #bodies + 1; return wrk.format(nil, nil, nil, bodies[at]) end\n`,
    );
  }
  const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
  const wrk = Bun.spawn(["wrk", ...flags, ...(post ? ["-s", SCRIPT] : []), url]);
  const text = await new Response(wrk.stdout).text();
  if (text.includes("Non-2xx") || /Socket errors: .*[1-9]/.test(text)) {
    throw new Error(`Cannot measure ${url}: some requests failed\n${text}`);
  }
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  const requestsPerSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  const [, value, unit] = /50%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const factor = { us: 1, ms: 1000, s: 1e6 }[unit ?? ""] ?? Number.NaN;
  return { requests, requestsPerSecond, medianUs: Number(value) * factor };
}

/** Loads in a row that bring no new best before a program counts as warm, and the most that are tried. */
const LOADS_WITHOUT_GAIN = 4;
const MOST_LOADS = 30;

/**
 * Loads a program until its CPU time per request no longer falls: the compilers of a Bun process need
 * some 100,000 to 500,000 requests to see all they need, and it halves meanwhile.
 */
export async function warmUp(program: Program, path = "/predict"): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  let without = 0;
  for (let i = 0; i < MOST_LOADS && without < LOADS_WITHOUT_GAIN; i++) {
    const cpu = await measureCpu(program, path, { connections: 64, seconds: 1 });
    without = cpu < best ? 0 : without + 1;
    best = Math.min(best, cpu);
  }
}

/** Server CPU time of one request under a load, in µs. */
export async function measureCpu(program: Program, path: string, options: LoadOptions) {
  const before = readCpu(program.pid);
  const { requests } = await load(program.url + path, options);
  return (readCpu(program.pid) - before) / requests;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Measures subjects in turn, so that whatever else runs here meets all of them: A B C A B C … */
export async function interleave<Name extends string>(
  repeats: number,
  subjects: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(subjects) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of names) {
      values[name].push(await subjects[name]());
    }
  }
  return values;
}

export interface Ratio {
  readonly what: string;
  readonly value: number;
  readonly reach: number;
  /** Whether the value must be at most or at least what is to be reached. */
  readonly sense: "≤" | "≥";
}

interface ReportOptions {
  readonly unit: string;
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly ratios: readonly Ratio[];
}

/** Reads `--json`, `--help` and `--repeats`; prints the help and ends when asked. */
export function readOptions(help: string): { json: boolean; repeats: number } {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      repeats: { type: "string", default: "5" },
    },
  });
  if (values.help) {
    print(
      `${help}\n\n  --repeats N  rounds, at least 5 for a figure to quote (5)\n  --json       one JSON object instead of a table`,
    );
    process.exit(0);
  }
  return { json: values.json, repeats: Number(values.repeats) };
}

export function report({ json }: { json: boolean }, { unit, values, ratios }: ReportOptions): void {
  const medians = Object.entries(values).map(([name, all]) => ({ name, median: median(all), all }));
  if (json) {
    const machine = { cores: availableParallelism(), load: loadavg()[0], bun: Bun.version };
    print(JSON.stringify({ unit, medians, ratios, machine }));
    return;
  }
  for (const { name, median: middle, all } of medians) {
    const range = `${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)}`;
    print(`${name.padEnd(40)} ${middle.toFixed(1).padStart(10)} ${unit}   (${range})`);
  }
  for (const { what, value, reach, sense } of ratios) {
    const reached = sense === "≤" ? value <= reach : value >= reach;
    print(
      `${what.padEnd(40)} ${value.toFixed(2).padStart(10)} ×   reach ${sense} ${reach} ${reached ? "yes" : "NO"}`,
    );
  }
}

/** Says aloud what cannot be measured here, and ends. */
export function skip(why: string): never {
  process.stderr.write(`skipped: ${why}\n`);
  process.exit(0);
}

/** Skips when wrk, Debian's package of that name, is not there. */
export function requireWrk(): void {
  if (Bun.which("wrk") === null) {
    skip("there is no wrk here; apt-get install wrk");
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
