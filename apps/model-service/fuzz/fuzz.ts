// Fuzzes the service from its own OpenAPI document: bun apps/model-service/fuzz/fuzz.ts [seconds]
// Exits with 0 if no answer was a 5xx or broke the document, and the service then stopped as it should.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const HERE = import.meta.dir;
const VENV = resolve(HERE, "../../../.cache/fuzz");
const Listening = z.object({ event: z.literal("listening"), url: z.url() });

async function run(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: object; readonly timeout?: number } = {},
) {
  const child = Bun.spawn([...command], {
    ...options,
    stdout: "inherit",
    stderr: "inherit",
    env: {
      ...process.env,
      ...options.env,
      PYTHONDONTWRITEBYTECODE: "1",
      SCHEMATHESIS_HOOKS: join(HERE, "hooks.py"),
    },
  });
  return child.exited;
}

/** The fuzzer's program, installed in a folder of its own if it is not there yet. */
async function install(): Promise<string> {
  if (!existsSync(join(VENV, "bin/python"))) await run(["python3", "-m", "venv", VENV]);
  const pip = [join(VENV, "bin/pip"), "install", "--quiet", "--requirement"];
  const code = await run([...pip, join(HERE, "requirements.txt")]);
  if (code !== 0) throw new Error(`Cannot install the fuzzer: pip exited with ${code}`);
  return join(VENV, "bin/schemathesis");
}

function startServer() {
  return Bun.spawn([process.execPath, resolve(HERE, "../src/server.ts")], {
    env: { ...process.env, PORT: "0", METRICS_PORT: "0", LOG_LEVEL: "error" },
    stdout: "pipe",
    stderr: "inherit",
  });
}

/** The address of the first line, which tells that it listens; what follows is read and dropped. */
async function readAddress(stdout: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error("Cannot fuzz: the service stopped before it listened");
    text += decoder.decode(value, { stream: true });
  }
  const drain = async () => {
    while (!(await reader.read()).done);
  };
  void drain();
  return Listening.parse(JSON.parse(text.split("\n", 1)[0] ?? "")).url;
}

async function main(seconds: number): Promise<number> {
  const fuzzer = await install();
  const server = startServer();
  try {
    const address = await readAddress(server.stdout);
    const config = ["--config-file", join(HERE, "schemathesis.toml")];
    const limits = ["--max-time", String(seconds)];
    const found = await run([fuzzer, ...config, "run", `${address}/openapi.json`, ...limits], {
      // It leaves what it found in the folder that it runs in.
      cwd: VENV,
      // It asks the service alone, which no proxy of the environment would find.
      env: { no_proxy: "*" },
      // Its own limit is for generating; it may hang on a service that does not answer.
      timeout: (seconds + 120) * 1000,
    });
    server.kill("SIGTERM");
    const exit = await server.exited;
    process.stdout.write(`fuzzer exited with ${found}, the service with ${exit}\n`);
    return found === 0 && exit === 0 ? 0 : 1;
  } finally {
    server.kill("SIGKILL");
  }
}

process.exitCode = await main(Number(process.argv[2] ?? 60));
