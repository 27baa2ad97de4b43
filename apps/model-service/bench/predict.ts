// Benchmark: server CPU time of /predict against a bare Bun server and against Hono with JSON and no model.
import { join } from "node:path";
import {
  interleave,
  measureCpu,
  median,
  readOptions,
  report,
  requireWrk,
  startProgram,
  startService,
  warmUp,
} from "./harness.ts";

const options = readOptions(
  "Server CPU µs per request at 64 connections: /predict, Bun's hello, Hono JSON without a model.",
);
requireWrk();
const subject = (name: string) => startProgram([process.execPath, join(import.meta.dirname, name)]);
const [service, json, hello] = await Promise.all([
  startService(),
  subject("subject-hono-json.ts"),
  subject("subject-hello.ts"),
]);
const load = { connections: 64, seconds: 1 };
await warmUp(service);
await warmUp(json);
const values = await interleave(options.repeats, {
  "/predict": () => measureCpu(service, "/predict", load),
  "Hono JSON without a model": () => measureCpu(json, "/predict", load),
  "Bun.serve hello": () => measureCpu(hello, "/", { ...load, post: false }),
});
await Promise.all([service, json, hello].map((program) => program.stop()));
const ours = median(values["/predict"]);
report(options, {
  unit: "µs",
  values,
  ratios: [
    {
      what: "/predict ÷ hello",
      value: ours / median(values["Bun.serve hello"]),
      reach: 4,
      sense: "≤",
    },
    {
      what: "/predict ÷ Hono JSON",
      value: ours / median(values["Hono JSON without a model"]),
      reach: 2.5,
      sense: "≤",
    },
  ],
});
