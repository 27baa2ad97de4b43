import { afterEach, expect, test } from "bun:test";
import { createServer } from "node:net";
import { join } from "node:path";
import { UpError } from "./errors.ts";
import { checkPort } from "./port.ts";
import { type RunningCluster, startCluster } from "./up.ts";

const PROGRAMS = join(import.meta.dirname, "../testdata/programs");

const running: RunningCluster[] = [];
afterEach(async () => {
  for (const cluster of running.splice(0)) await cluster.stop();
});

interface StartOptions {
  readonly port?: number;
  /** Where the lines of the programs are kept. */
  readonly lines?: string[];
}

async function start(programs: string, { port = 0, lines = [] }: StartOptions = {}) {
  const cluster = await startCluster({
    port,
    programsDir: join(PROGRAMS, programs),
    modelDir: "/models/v2",
    variant: "v1",
    log: (program, line) => lines.push(`${program}: ${line}`),
  });
  running.push(cluster);
  return cluster;
}

async function refusal(promise: Promise<unknown>): Promise<UpError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof UpError) return error;
  throw new Error("Expected an UpError", { cause: error });
}

/** What the program at this address was told of its model. */
async function readModel(url: string): Promise<string> {
  const body: unknown = await (await fetch(url)).json();
  return body instanceof Object && "model" in body ? String(body.model) : "";
}

async function takePort() {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected a TCP port");
  return { server, port: address.port };
}

test("startCluster() gives the page the address of the model service", async () => {
  const lines: string[] = [];
  const { url } = await start("good", { lines });
  const modelUrl = await readModel(url);
  expect(await readModel(modelUrl)).toBe("/models/v2");
  expect(lines.map((line) => line.split(":")[0])).toEqual(["model-service", "app"]);
});

test("stop() ends both programs and frees the ports", async () => {
  const { url, stop } = await start("good");
  const port = Number(new URL(url).port);
  expect((await refusal(checkPort(port))).code).toBe("PORT_TAKEN");
  await stop();
  await checkPort(port);
});

test("startCluster() refuses a taken port in one sentence", async () => {
  const { server, port } = await takePort();
  const error = await refusal(start("good", { port }));
  expect(error.message).toBe(
    `Cannot listen on port ${port}: another program has it; choose another with --port`,
  );
  server.close();
});

test.each([
  ["crash", "model-service"],
  ["page-crash", "app"],
])("startCluster() tells which program ended and what it said last: %s", async (programs, name) => {
  expect((await refusal(start(programs))).message).toBe(
    `Cannot go on without ${name}: it ended with exit code 1, its last line was: ` +
      'Cannot start: MODEL_DIR "/nowhere" has no card.json',
  );
});

test("failed settles when a program ends later", async () => {
  const { url, failed } = await start("good");
  await fetch(`${url}/die`).catch(() => undefined);
  expect((await failed).message).toStartWith("Cannot go on without app: it ended with exit code 3");
});
