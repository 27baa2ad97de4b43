// Benchmark: what one URL costs in a run of 1, 8, 32 and 128, by model: why a run takes at most 32.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CONTRACT, canonicalise, featurise } from "@hookline/lib-ml";
import { loadModel } from "../src/model/load-model.ts";
import { interleave, median, ROOM, readOptions, report } from "./harness.ts";
import { buildUrls } from "./urls.ts";

const SIZES = [1, 8, 32, 128];

const options = readOptions("CPU µs per URL of a model's run, by the number of URLs in it.");
const bags = buildUrls(1024)
  .map(canonicalise)
  .filter((url) => url !== undefined)
  .map(featurise);
const folders = ["models/v1", "models/v2"].filter((name) => existsSync(join(ROOM, name)));
const subjects: Record<string, () => Promise<number>> = {};
for (const folder of folders) {
  const warmUp = bags.slice(0, 3);
  const model = await loadModel(join(ROOM, folder), { contract: CONTRACT, warmUp });
  for (const size of SIZES) {
    subjects[`${folder} by ${size}`] = async () => {
      const before = process.cpuUsage();
      for (let from = 0; from + size <= bags.length; from += size) {
        await model.run(bags.slice(from, from + size));
      }
      const { user, system } = process.cpuUsage(before);
      return (user + system) / bags.length;
    };
  }
}
await interleave(3, subjects);
const values = await interleave(Math.max(options.repeats, 9), subjects);
report(options, {
  unit: "µs",
  values,
  ratios: folders.map((folder) => ({
    what: `${folder}: by 32 ÷ by 1`,
    value: median(values[`${folder} by 32`] ?? []) / median(values[`${folder} by 1`] ?? []),
    reach: 0.35,
    sense: "≤" as const,
  })),
});
