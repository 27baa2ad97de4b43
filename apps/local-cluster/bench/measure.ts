// What the benchmarks share: programs, a load, the CPU time it cost, and how it is told.
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";

export const ROOM = join(import.meta.dirname, "..");
export const GITOPS = join(ROOM, "../../gitops");

export interface Program {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<unknown>;
}

const Started = z.object({ url: z.string() });

/** Starts a program that prints one line of JSON with its `url`. */
export async function startProgram(command: readonly string[]): Promise<Program> {
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "inherit" });
  const reader = child.stdout.getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot measure "${command.join(" ")}": it ended before it listened`);
    text += new TextDecoder().decode(value);
  }
  const { url } = Started.parse(JSON.parse(text.slice(0, text.indexOf("\n"))));
  const stop = () => {
    child.kill("SIGTERM");
    return child.exited;
  };
  return { pid: child.pid, url, stop };
}

/** CPU time of a process so far, user and system, in µs; the kernel counts in steps of 10 ms. */
export function readCpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Median time to an answer, in µs. */
  readonly medianUs: number;
}

/** Loads an address with wrk over kept connections; throws when any request fails. */
export async function load(
  url: string,
  { connections, seconds, script }: { connections: number; seconds: number; script?: string },
): Promise<Load> {
  const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency"];
  const wrk = Bun.spawn(["wrk", ...flags, ...(script === undefined ? [] : ["-s", script]), url]);
  const text = await new Response(wrk.stdout).text();
  if (text.includes("Non-2xx") || /Socket errors: .*[1-9]/.test(text))
    throw new Error(`Cannot measure ${url}: some requests failed\n${text}`);
  const [, value, unit = ""] = /50%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const factors: Readonly<Record<string, number>> = { us: 1, ms: 1_000, s: 1_000_000 };
  return {
    requests: Number(/(\d+) requests in/.exec(text)?.[1]),
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    medianUs: Number(value) * (factors[unit] ?? Number.NaN),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Measures in turn, so that whatever else runs here meets all: A B C A B C … */
export async function interleave(
  repeats: number,
  subjects: Readonly<Record<string, () => Promise<number>>>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const values: Record<string, number[]> = {};
  for (let repeat = 0; repeat < repeats; repeat += 1)
    for (const [name, measure] of Object.entries(subjects)) {
      const list = values[name] ?? [];
      list.push(await measure());
      values[name] = list;
    }
  return values;
}

export interface Options {
  readonly json: boolean;
  readonly repeats: number;
  readonly seconds: number;
}

/** Reads the command line; prints the help and ends when asked. */
export function readOptions(help: string): Options {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      repeats: { type: "string", default: "5" },
      seconds: { type: "string", default: "3" },
    },
  });
  if (values.help) {
    console.log(
      `${help}\n\n  --repeats N  turns, at least 5 for a figure to quote (5)\n  --seconds N  of load a turn (3)\n  --json       one JSON object instead of a table`,
    );
    process.exit(0);
  }
  return { json: values.json, repeats: Number(values.repeats), seconds: Number(values.seconds) };
}

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly all: readonly number[];
  /** What the median is to be at most. */
  readonly atMost?: number;
}

export function report({ json }: Options, rows: readonly Row[]): void {
  const told = rows.map((row) => ({ ...row, median: median(row.all) }));
  if (json) {
    const machine = { cores: availableParallelism(), load: loadavg()[0], bun: Bun.version };
    console.log(JSON.stringify({ rows: told, machine }));
    return;
  }
  for (const { name, unit, all, atMost, median: middle } of told) {
    const range = `${format(Math.min(...all))} to ${format(Math.max(...all))}`;
    const mark =
      atMost === undefined ? "" : `  at most ${atMost}: ${middle <= atMost ? "yes" : "NO"}`;
    console.log(
      `${name.padEnd(46)} ${format(middle).padStart(9)} ${unit.padEnd(5)} (${range})${mark}`,
    );
  }
  console.log(
    `load of the machine at the end: ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores`,
  );
}

function format(value: number): string {
  return value >= 1000 ? Math.round(value).toString() : value.toPrecision(3);
}

/** Says aloud what cannot be measured here, and ends. */
function skip(why: string): never {
  console.error(`skipped: ${why}`);
  process.exit(0);
}

/** A program of this machine; skips when it is not there. `.cache/judges` is where .ci/run puts them. */
export function requireProgram(name: string, how: string): string {
  const judge = join(ROOM, "../../.cache/judges/bin", name);
  const found = Bun.which(name) ?? (existsSync(judge) ? judge : null);
  return found ?? skip(`there is no ${name} here; ${how}`);
}
