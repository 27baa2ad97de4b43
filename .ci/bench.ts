// Runs the rooms' benchmarks one after another. A benchmark is a file bench/<name>.ts whose first line says what it
// compares: "// Benchmark: …". Each measures both sides in one run and prints medians and their ratio.
import { join } from "node:path";
import { formatError, reachLoopback } from "../packages/command-line/src/index.ts";

reachLoopback();
const ROOT = join(import.meta.dirname, "..");
const REFUSAL = join(import.meta.dirname, "refuse-options.ts");
const MARK = "// Benchmark: ";

interface Benchmark {
  readonly name: string;
  readonly file: string;
  readonly about: string;
}

async function readBenchmarks(): Promise<readonly Benchmark[]> {
  const found: Benchmark[] = [];
  for await (const file of new Bun.Glob("{apps,packages}/*/bench/*.ts").scan(ROOT)) {
    const text = await Bun.file(join(ROOT, file)).text();
    if (!text.startsWith(MARK)) continue;
    const [, room = "", , name = ""] = file.replace(/\.ts$/, "").split("/");
    const about = text.slice(MARK.length, text.indexOf("\n")).replace(/\.$/, "");
    found.push({ name: `${room}/${name}`, file, about });
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

function renderHelp(benchmarks: readonly Benchmark[]): string {
  const width = Math.max(...benchmarks.map(({ name }) => name.length));
  const rows = benchmarks.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return [
    "Usage: bun run bench [NAME …] [--json] [--OPTION=VALUE …]",
    "",
    "Runs the named benchmarks, or all of them, which takes many minutes. A room's name stands for all",
    "in that room. Options go to each benchmark that is named, as in --data=data for model-training.",
    "",
    ...rows,
    "",
    "Options of one benchmark: bun run bench NAME --help",
    "A wrong call ends with 2, a benchmark that fails with 1.",
  ].join("\n");
}

async function main(words: readonly string[]): Promise<number> {
  const benchmarks = await readBenchmarks();
  const names = words.filter((word) => !word.startsWith("--"));
  if (words.includes("--help") && names.length === 0) {
    console.log(renderHelp(benchmarks));
    return 0;
  }
  const options = words.filter((word) => word.startsWith("--"));
  const isNamed = ({ name }: Benchmark, wanted: string) =>
    name === wanted || name.startsWith(`${wanted}/`);
  const unknown = names.find((name) => !benchmarks.some((each) => isNamed(each, name)));
  if (unknown !== undefined) {
    const json = words.includes("--json");
    const message = `Cannot run "${unknown}": no benchmark has that name; see bun run bench --help`;
    console.error(formatError({ code: "BAD_ARGUMENT", message }, { json }));
    return 2;
  }
  const stray = names.length > 0 ? undefined : options.find((option) => option !== "--json");
  if (stray !== undefined) {
    const json = words.includes("--json");
    const message = `Cannot run every benchmark with ${stray}: options are of one benchmark; see bun run bench --help`;
    console.error(formatError({ code: "BAD_ARGUMENT", message }, { json }));
    return 2;
  }
  const chosen = benchmarks.filter(
    (each) => names.length === 0 || names.some((name) => isNamed(each, name)),
  );
  const ends: number[] = [];
  for (const { name, file } of chosen) {
    // On stderr, so that --json leaves one JSON document a benchmark on stdout.
    console.error(`# ${name}`);
    const child = Bun.spawn([process.execPath, "--preload", REFUSAL, file, ...options], {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const code = await child.exited;
    if (code === 2) console.error(`see bun run bench ${name} --help`);
    ends.push(code);
  }
  if (ends.every((code) => code === 0)) return 0;
  return ends.includes(2) ? 2 : 1;
}

process.exit(await main(process.argv.slice(2)));
