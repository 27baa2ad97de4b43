import { tmpdir } from "node:os";
import * as z from "zod/mini";

const Listening = z.object({
  event: z.literal("listening"),
  url: z.string(),
  metrics: z.string(),
});

type Environment = Readonly<Record<string, string>>;

const running: Bun.Subprocess[] = [];

/** Ends what tests left running. */
export function stopServers(): void {
  for (const server of running.splice(0)) {
    server.kill("SIGKILL");
  }
}

/**
 * Starts a program on free ports with this environment and nothing of ours, and waits for the line
 * that tells where it listens; rejects with what it said when it ends before.
 */
export async function startServer(file: string, environment: Environment = {}) {
  const server = spawn(file, environment);
  const lines = readLines(server.stdout);
  const first = await lines.next();
  if (first.done) {
    throw new Error(`Cannot start "${file}": ${await server.stderr.text()}`);
  }
  const { url, metrics } = Listening.parse(JSON.parse(first.value));
  const rest = Array.fromAsync(lines, (line) => JSON.parse(line));
  return {
    server,
    /** Where it listens. */
    url,
    metrics,
    /** All that it logged since it listens, when it has ended. */
    readLog: () => rest,
  };
}

/** Runs a program that should not start until it ends: its exit code, and what it said. */
export async function runServer(file: string, environment: Environment) {
  const server = spawn(file, environment);
  const [code, errors] = await Promise.all([server.exited, server.stderr.text()]);
  return { code, errors };
}

function spawn(file: string, environment: Environment) {
  const server = Bun.spawn([process.execPath, file], {
    // Bun reads JSX settings from the tsconfig of the folder that it is started in: this one has none.
    cwd: tmpdir(),
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      METRICS_PORT: "0",
      HOOKLINE_REVISION: "0123abc",
      ...environment,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  running.push(server);
  return server;
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    const lines = (text + decoder.decode(chunk, { stream: true })).split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}
