// Benchmark: what joining the requests of one event-loop turn into one run saves, and what it costs a lone caller.
import {
  interleave,
  load,
  measureCpu,
  median,
  readOptions,
  report,
  requireWrk,
  startService,
  warmUp,
} from "./harness.ts";

const options = readOptions(
  "Coalescing on and off: server CPU µs per request at 64 connections, median latency at 1.",
);
requireWrk();
const [on, off] = await Promise.all([startService(), startService({ COALESCE: "off" })]);
const many = { connections: 64, seconds: 1 };
const one = { connections: 1, seconds: 1 };
const latency = async (url: string) => (await load(`${url}/predict`, one)).medianUs;
await warmUp(on);
await warmUp(off);
const values = await interleave(options.repeats, {
  "CPU at 64, joined": () => measureCpu(on, "/predict", many),
  "CPU at 64, a run for each": () => measureCpu(off, "/predict", many),
  "latency at 1, joined": () => latency(on.url),
  "latency at 1, a run for each": () => latency(off.url),
});
await Promise.all([on.stop(), off.stop()]);
report(options, {
  unit: "µs",
  values,
  ratios: [
    {
      what: "CPU at 64, joined ÷ a run for each",
      value: median(values["CPU at 64, joined"]) / median(values["CPU at 64, a run for each"]),
      reach: 0.65,
      sense: "≤",
    },
    {
      what: "latency at 1, joined ÷ a run for each",
      value:
        median(values["latency at 1, joined"]) / median(values["latency at 1, a run for each"]),
      reach: 1.05,
      sense: "≤",
    },
  ],
});
