import { createServer } from "node:net";
import { join } from "node:path";
import * as z from "zod";
import { readLines } from "../read-lines.ts";
import { until } from "./until.ts";

/** The command with a program that does what it is told, and overlays for it. */
export const TEST_CLI = join(import.meta.dirname, "../../testdata/cli.ts");

/** What the tests read of the state. */
const State = z.object({
  revision: z.object({ text: z.string() }),
  thirdParty: z.array(z.object({ name: z.string(), runs: z.string(), text: z.string() })),
  refused: z.object({ revision: z.string(), reason: z.string() }).nullable(),
  workloads: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      pods: z.array(
        z.object({
          name: z.string(),
          pid: z.number().nullable(),
          phase: z.string(),
          restarts: z.number(),
        }),
      ),
    }),
  ),
});
export type State = z.output<typeof State>;

/** A running `up`, as a process of its own. */
export interface Up {
  readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  readonly url: string;
  /** What it has printed so far. */
  readonly lines: readonly string[];
  readonly state: () => Promise<State>;
  /** The processes of its pods, as it tells them. */
  readonly pids: () => Promise<readonly number[]>;
  readonly untilReady: () => Promise<void>;
  /** Ends it by force. */
  readonly end: () => void;
}

interface StartUpOptions {
  /** Runs what is installed, too, and is looked for in this PATH; without it nothing depends on that. */
  readonly installed?: { readonly PATH: string | undefined };
}

/** Nothing of `up` may ask a proxy of its user's for what is on this machine: here none answers. */
const NO_SUCH_PROXY = { HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "", no_proxy: "" };

export async function startUp(
  cli: string,
  words: readonly string[],
  { installed }: StartUpOptions = {},
): Promise<Up> {
  const port = await findFreePort();
  const more = [...(installed ? [] : ["--stand-ins"]), "--port", String(port)];
  const child = Bun.spawn([process.execPath, cli, "up", ...words, ...more], {
    env: { ...process.env, ...NO_SUCH_PROXY, PATH: installed?.PATH ?? process.env["PATH"] },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  void readLines(child.stdout, (line) => lines.push(line));
  const state = async () => State.parse(await (await fetch(`${url}/_local/api/state`)).json());
  return {
    child,
    url,
    lines,
    state,
    pids: async () => pidsOf(await state()),
    untilReady: () => until("up is ready", () => lines.includes(`ready ${url}`), 60_000),
    end: () => child.kill("SIGKILL"),
  };
}

function pidsOf({ workloads }: State): readonly number[] {
  return workloads.flatMap(({ pods }) => pods.flatMap(({ pid }) => (pid === null ? [] : [pid])));
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a TCP port");
  const { port } = address;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return port;
}
