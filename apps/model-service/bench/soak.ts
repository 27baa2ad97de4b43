// Benchmark: 500,000 predictions: does memory grow? Twenty SIGTERMs under load: is an answer lost, does it end well?
import { callUntilClosed } from "./caller.ts";
import {
  load,
  median,
  print,
  readOptions,
  readRss,
  report,
  requireWrk,
  startService,
} from "./harness.ts";

const PREDICTIONS = 500_000;
const SIGNALS = 20;

const options = readOptions(
  "500,000 predictions: megabytes of memory gained per 100,000. Twenty SIGTERMs under load: lost answers, abnormal exits.",
);
requireWrk();

const service = await startService();
const points: { readonly requests: number; readonly mb: number }[] = [];
let requests = 0;
while (requests < PREDICTIONS) {
  ({ requests } = { requests: requests + (await askMany()) });
  points.push({ requests, mb: readRss(service.pid) / 1024 / 1024 });
}
await service.stop();

async function askMany(): Promise<number> {
  return (await load(`${service.url}/predict`, { connections: 64, seconds: 2 })).requests;
}

const counts = { answered: 0, refused: 0, lost: 0, abnormal: 0 };
const times: number[] = [];
for (let signal = 0; signal < SIGNALS; signal++) {
  const victim = await startService();
  const calls = callUntilClosed(victim.url, 64);
  await Bun.sleep(300);
  const begun = performance.now();
  counts.abnormal += (await victim.stop("SIGTERM")) === 0 ? 0 : 1;
  times.push(performance.now() - begun);
  const { answered, refused, lost } = await calls;
  counts.answered += answered;
  counts.refused += refused;
  counts.lost += lost;
}

/** Least squares over the second half: the first fills the compiler's and the collector's stores. */
function readSlope(): number {
  const late = points.slice(points.length >> 1);
  const meanX = late.reduce((sum, { requests: x }) => sum + x, 0) / late.length;
  const meanY = late.reduce((sum, { mb }) => sum + mb, 0) / late.length;
  const over = late.reduce((sum, { requests: x, mb }) => sum + (x - meanX) * (mb - meanY), 0);
  return (1e5 * over) / late.reduce((sum, { requests: x }) => sum + (x - meanX) ** 2, 0);
}

const memory = points.map(({ mb }) => mb);
const slope = readSlope();
report(options, {
  unit: "MB",
  values: { "memory during 500,000 predictions": memory },
  ratios: [
    {
      what: "MB gained per 100,000 ÷ its median",
      value: slope / median(memory),
      reach: 0.02,
      sense: "≤",
    },
    { what: "answers lost", value: counts.lost, reach: 0, sense: "≤" },
    { what: "abnormal exits", value: counts.abnormal, reach: 0, sense: "≤" },
  ],
});
if (!options.json) {
  print(
    `${counts.answered} answers around ${SIGNALS} SIGTERMs, ${counts.refused} of them not 200; ${median(times).toFixed(0)} ms from signal to exit`,
  );
}
