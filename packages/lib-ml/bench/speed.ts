// CPU time of a URL from text to rows: `bun bench/speed.ts <file of URLs, one a line>`.
import { canonicalise, featurise } from "../src/index.ts";

const [file = ""] = process.argv.slice(2);
const urls = (await Bun.file(file).text()).split("\n").filter((line) => line !== "");
const PASSES = 5;

let best = Number.POSITIVE_INFINITY;
let rows = 0;
for (let pass = 0; pass < PASSES; pass += 1) {
  const before = process.cpuUsage();
  rows = 0;
  for (const url of urls) {
    const canonical = canonicalise(url);
    if (canonical !== undefined) rows += featurise(canonical).ids.length;
  }
  const { user, system } = process.cpuUsage(before);
  best = Math.min(best, (user + system) / urls.length);
}
process.stdout.write(
  `${best.toFixed(2)} µs CPU a URL, ${(rows / urls.length).toFixed(0)} rows a URL\n`,
);
