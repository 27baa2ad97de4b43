// Prints the table of docs/images.md: sizes unpacked, and milliseconds from the start of a process to ready.
import { join } from "node:path";
import { prepareBases } from "./bases.ts";
import { buildImage, REPOSITORY } from "./build-image.ts";
import { startContainer } from "./container.ts";
import { createEngine, type Engine, listMissing } from "./engine.ts";
import { PROGRAMS } from "./ours.ts";

const RUNS = 11;

async function main(): Promise<void> {
  const missing = listMissing();
  if (missing.length > 0) throw new Error(`Cannot measure images, missing: ${missing.join(", ")}`);
  const engine = createEngine(join(REPOSITORY, ".cache/images"));
  const bases = await prepareBases(engine);
  const model = "localhost/hookline-measure/model-v1:test";
  const dockerfile = "apps/model-service/models/Dockerfile";
  await buildImage(engine, bases, { tag: model, dockerfile, arguments: { MODEL: "v1" } });
  print("| image | MB unpacked | ms to ready, median (least to most) |\n| --- | ---: | ---: |");
  for (const { name } of PROGRAMS) {
    const image = `localhost/hookline-measure/${name}:test`;
    await buildImage(engine, bases, { tag: image, dockerfile: `apps/${name}/Dockerfile` });
    const size = await inspect(engine, ["image", "inspect", "--format", "{{.Size}}", image]);
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await time(engine, { image, model }));
    times.sort((a, b) => a - b);
    const [low = 0, middle = 0, high = 0] = [times[0], times[(RUNS - 1) / 2], times.at(-1)];
    const spread = `${middle.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
    await engine.run(["podman", "rmi", image]);
    print(`| ${name} | ${(Number(size) / 1e6).toFixed(0)} | ${spread} |`);
  }
  await engine.run(["podman", "rmi", model]);
}

/** From the runtime's own record of the start, so that making the container is not counted. */
async function time(engine: Engine, options: { image: string; model: string }): Promise<number> {
  const probe = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = probe;
  await probe.stop(true);
  if (port === undefined) throw new Error("Cannot measure: no port is free");
  const ready = waitUntilReady(`http://127.0.0.1:${port}/readyz`);
  const container = await startContainer(engine, { ...options, port });
  const format = [
    "inspect",
    "--format",
    '{{.State.StartedAt.Format "2006-01-02T15:04:05.999999Z07:00"}}',
  ];
  const ids = await engine.run(["podman", "ps", "--quiet"]);
  const begun = Date.parse(await inspect(engine, [...format, ids.split("\n")[0] ?? ""]));
  const end = await ready;
  await container.stop();
  return end - begun;
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

await main();
