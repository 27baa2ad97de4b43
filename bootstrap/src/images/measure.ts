// Prints the table of docs/images.md: size unpacked, and what it takes from the start of the process to ready.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { prepareBases } from "./bases.ts";
import { buildImage, REPOSITORY } from "./build-image.ts";
import { startContainer } from "./container.ts";
import { createEngine, type Engine, listMissing } from "./engine.ts";
import { PROGRAMS } from "./ours.ts";

const RUNS = 11;
const USAGE = `Usage: bun bootstrap/src/images/measure.ts

Builds the images of our programs, starts each ${RUNS} times and prints a table of their sizes and starts. As root, with
buildah, podman, runc and debootstrap; many minutes.
`;

async function main(): Promise<void> {
  const missing = listMissing();
  if (missing.length > 0) throw new Error(`Cannot measure images, missing: ${missing.join(", ")}`);
  const engine = createEngine(join(REPOSITORY, ".cache/images"));
  const bases = await prepareBases(engine);
  const model = "localhost/hookline-measure/model-v1:test";
  const dockerfile = "apps/model-service/models/Dockerfile";
  await buildImage(engine, bases, { tag: model, dockerfile, arguments: { MODEL: "v1" } });
  print("| image | MB unpacked | ms to ready | ms of CPU |\n| --- | ---: | ---: | ---: |");
  for (const { name } of PROGRAMS) {
    const image = `localhost/hookline-measure/${name}:test`;
    await buildImage(engine, bases, { tag: image, dockerfile: `apps/${name}/Dockerfile` });
    const size = await inspect(engine, ["image", "inspect", "--format", "{{.Size}}", image]);
    const starts: Start[] = [];
    for (let run = 0; run < RUNS; run += 1) starts.push(await measure(engine, { image, model }));
    const wall = describe(starts.map(({ wallMs }) => wallMs));
    const cpu = describe(starts.map(({ cpuMs }) => cpuMs));
    await engine.run(["podman", "rmi", image]);
    print(`| ${name} | ${(Number(size) / 1e6).toFixed(0)} | ${wall} | ${cpu} |`);
  }
  await engine.run(["podman", "rmi", model]);
}

interface Start {
  readonly wallMs: number;
  /** What a busy machine does not make longer. */
  readonly cpuMs: number;
}

function describe(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, middle = 0, high = 0] = [sorted[0], sorted[(RUNS - 1) / 2], sorted.at(-1)];
  return `${middle.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
}

/** From the runtime's own record of the start, so that making the container is not counted. */
async function measure(engine: Engine, options: { image: string; model: string }): Promise<Start> {
  const probe = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  if (port === undefined) throw new Error("Cannot measure: no port is free");
  const ready = waitUntilReady(`http://127.0.0.1:${port}/readyz`);
  const { id, stop } = await startContainer(engine, { ...options, port });
  const end = await ready;
  const begun = await inspect(engine, [
    ...["inspect", "--format"],
    ...['{{.State.StartedAt.Format "2006-01-02T15:04:05.999999Z07:00"}}', id],
  ]);
  const pid = await inspect(engine, ["inspect", "--format", "{{.State.Pid}}", id]);
  const cpuMs = readCpu(readFileSync(`/proc/${pid}/stat`, "utf8"));
  await stop();
  return { wallMs: end - Date.parse(begun), cpuMs };
}

/** Fields 14 and 15 of proc(5)'s stat: user and system time, in hundredths of a second. */
function readCpu(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function waitUntilReady(url: string): Promise<number> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return Date.now();
    await Bun.sleep(2);
  }
  throw new Error(`Cannot measure: ${url} did not answer within 30 s`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function inspect(engine: Engine, words: readonly string[]): Promise<string> {
  return await engine.run(["podman", ...words]);
}

const words = process.argv.slice(2);
if (words.length === 0) {
  await main();
} else if (words.join(" ") === "--help") {
  process.stdout.write(USAGE);
} else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
