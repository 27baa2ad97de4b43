// Benchmark: from the start of the process to its first answer: the service, Bun's hello, the same code on Node.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  interleave,
  MODEL_DIR,
  median,
  ROOM,
  readOptions,
  report,
  SERVER,
  skip,
  startProgram,
} from "./harness.ts";

const options = readOptions(
  "Milliseconds from start to first answer: the service, Bun's hello, the same service on Node.",
);
const node = Bun.which("node");
if (node === null) {
  skip("there is no node here");
}
const HERE = import.meta.dirname;
// Both run the same service from one file: Node takes no TypeScript. Bun's is what the image holds, with bytecode beside
// it; Node's is parsed at each start (its compile cache came with 22). Neither is slowed by telemetry, which the image switches off.
const folder = mkdtempSync(join(ROOM, "node_modules/.bench-"));
const common = { external: ["onnxruntime-node"], minify: { whitespace: true, syntax: true } };
const onBun = await bundle(SERVER, { target: "bun", format: "cjs", bytecode: true });
const onNode = await bundle(join(HERE, "subject-node.ts"), { target: "node" });

async function bundle(entry: string, options: Partial<Bun.BuildConfig>): Promise<string> {
  const outdir = join(folder, String(options.target));
  const { outputs } = await Bun.build({ ...common, ...options, entrypoints: [entry], outdir });
  return String(outputs.find(({ kind }) => kind === "entry-point")?.path);
}

const body = JSON.stringify({ url: "http://paypal-login.example.net/verify?id=1" });
const headers = { "content-type": "application/json" };

async function measure(command: readonly string[], path: string): Promise<number> {
  const begun = performance.now();
  const program = await startProgram(command, {
    PORT: "0",
    METRICS_PORT: "0",
    ...(MODEL_DIR && { MODEL_DIR }),
    BRANDS_FILE: join(ROOM, "models/brands.json"),
    ORT_DISABLE_TELEMETRY: "1",
  });
  const response = await fetch(program.url + path, { method: "POST", headers, body });
  await response.text();
  const ms = performance.now() - begun;
  if (response.status !== 200) {
    throw new Error(`Cannot measure "${command.join(" ")}": it answered ${response.status}`);
  }
  await program.stop("SIGKILL");
  return ms;
}

const bun = process.execPath;
const subjects = {
  "the service on Bun": () => measure([bun, onBun], "/predict"),
  "the service on Bun, from source": () => measure([bun, SERVER], "/predict"),
  "Bun.serve hello": () => measure([bun, join(HERE, "subject-hello.ts")], "/"),
  "the service on Node": () => measure([node, onNode], "/predict"),
};
await interleave(1, subjects);
const values = await interleave(Math.max(options.repeats, 5) * 2, subjects);
rmSync(folder, { recursive: true });
const ours = median(values["the service on Bun"]);
report(options, {
  unit: "ms",
  values,
  ratios: [
    {
      what: "service ÷ hello",
      value: ours / median(values["Bun.serve hello"]),
      reach: 8,
      sense: "≤",
    },
    {
      what: "on Bun ÷ on Node",
      value: ours / median(values["the service on Node"]),
      reach: 0.5,
      sense: "≤",
    },
  ],
});
