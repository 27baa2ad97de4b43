// `bun run data`: the public lists of sources.json → train, val, test and holdout with a manifest.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure } from "@hookline/command-line";
import { build } from "./build/build.ts";
import { SPLITS } from "./build/site.ts";
import { type DownloadOptions, download } from "./download/download.ts";
import type { Fetch } from "./download/request.ts";
import { failure, TrainingError, unwritable } from "./errors.ts";
import { lockFolder } from "./lock-folder.ts";
import { buildManifest, type Fetched, type Manifest } from "./manifest.ts";
import {
  createProgress,
  formatDownload,
  mib,
  type Output,
  type Progress,
  SILENT,
} from "./progress.ts";
import { chooseSources, limitsOf, readSources, type Source } from "./source.ts";
import { writeWhole } from "./write-whole.ts";

const HELP = `Usage: bun run data [OPTION…]

Downloads the public lists of URLs, cleans them, and writes train.tsv.gz, val.tsv.gz, test.tsv.gz,
holdout.tsv.gz and manifest.json. A run that was cut goes on where it was: start it again.

  --out FOLDER        where to write; downloads stay in its folder "downloads" (default: data)
  --sources FILE      another list of sources than the one that comes with the program
  --only A,B          only these sources
  --allow-missing     builds from what could be downloaded; the manifest says what is missing
  --json              prints the manifest instead of a report
  --help              prints this

Then: bun run train --data data --out models

A wrong call ends with 2, any other failure with 1, Ctrl-C with 130.
`;

const OPTIONS = {
  out: { type: "string", default: "data" },
  sources: { type: "string", default: join(import.meta.dir, "sources.json") },
  only: { type: "string" },
  "allow-missing": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** How long and how often a download is tried. */
export type DownloadLimits = Pick<DownloadOptions, "attempts" | "maxMs" | "idleMs" | "wait">;

const LIMITS: DownloadLimits = { attempts: 5, maxMs: 3_600_000, idleMs: 30_000, wait: waitFor };

/** What a run needs from outside. */
export interface RunDataContext {
  readonly fetch: Fetch;
  readonly stdout: Output;
  /** Where it tells how far it is; stdout if it is not given. */
  readonly progress?: Output;
  /** Fires on Ctrl-C; what was downloaded by then is kept. */
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
}

/** Runs the command; throws a TrainingError for everything that a person can do something about. */
export async function runData(argv: readonly string[], context: RunDataContext): Promise<void> {
  const options = parseOptions(argv);
  if (options.help) {
    context.stdout.write(HELP);
    return;
  }
  const all = await readSources(options.sources);
  const sources = chooseSources(
    all,
    options.only?.split(",").map((name) => name.trim()),
  );
  const progress = options.json
    ? SILENT
    : createProgress(context.progress ?? context.stdout, Date.now);
  const { signal } = context;
  const unlock = await lockFolder(options.out);
  try {
    const fetched = await fetchAll(sources, join(options.out, "downloads"), context, progress);
    refuseMissing(fetched, options["allow-missing"]);
    const inputs = fetched.flatMap((one) =>
      one.kind === "there" ? [{ source: one.source, path: one.file.path }] : [],
    );
    const summary = await build(inputs, { out: options.out, signal, onStep: progress.step });
    const manifest = buildManifest(fetched, summary, new Date().toISOString());
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeWhole(join(options.out, "manifest.json"), text);
    context.stdout.write(options.json ? text : formatReport(manifest, options.out));
  } catch (cause) {
    if (!signal.aborted || cause instanceof TrainingError) throw cause;
    throw failure(
      "STOPPED",
      "Stopped; the downloads are kept, and the same command goes on",
      cause,
    );
  } finally {
    unlock();
  }
}

function parseOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    const message = `Cannot run data: ${describeFailure(cause)}; see its --help`;
    throw failure("BAD_OPTION", message, cause);
  }
}

async function fetchAll(
  sources: readonly Source[],
  folder: string,
  context: RunDataContext,
  progress: Progress,
): Promise<readonly Fetched[]> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  const fetched: Fetched[] = [];
  for (const [i, source] of sources.entries()) {
    const one = await fetchOne(source, folder, context, progress);
    fetched.push(one);
    const how = one.kind === "there" ? mib(one.file.bytes) : one.error.message;
    progress.step(`${i + 1} of ${sources.length} ${source.name}: ${how}`);
  }
  return fetched;
}

async function fetchOne(
  source: Source,
  folder: string,
  context: RunDataContext,
  progress: Progress,
): Promise<Fetched> {
  const start = performance.now();
  let first: number | undefined;
  const onProgress = (bytes: number, total: number | undefined) => {
    first ??= bytes;
    const fresh = bytes - first;
    const seconds = (performance.now() - start) / 1000;
    progress.update(() => formatDownload({ name: source.name, bytes, total, fresh, seconds }));
  };
  const { fetch, signal, limits = LIMITS } = context;
  // A plain file is not unpacked, so its download limit is also the limit of its text.
  const wanted = { ...source, maxBytes: limitsOf(source).maxBytes };
  try {
    const file = await download(wanted, { folder, fetch, signal, ...limits, onProgress });
    return { kind: "there", source, file };
  } catch (error) {
    // A list that cannot be had does not keep the others from being fetched; these two do.
    const isFinal =
      !(error instanceof TrainingError) || error.code === "STOPPED" || error.code === "DISK_FULL";
    if (isFinal) throw error;
    return { kind: "missing", source, error };
  }
}

function refuseMissing(fetched: readonly Fetched[], isAllowed: boolean): void {
  const missing = fetched.flatMap((one) => (one.kind === "missing" ? [one.error] : []));
  const [first] = missing;
  if (first === undefined || (isAllowed && missing.length < fetched.length)) return;
  const all = missing.map((error) => `  ${error.message}`).join("\n");
  const code = first instanceof TrainingError ? first.code : "DOWNLOAD_FAILED";
  const message = `Cannot get ${missing.length} of ${fetched.length} sources:\n${all}\nRun it again, or build without them: --allow-missing`;
  throw failure(code, message, first);
}

function formatReport(manifest: Manifest, out: string): string {
  const number = (n: number) => n.toLocaleString("en").padStart(9);
  const lines = SPLITS.map((name) => {
    const { phishing, legitimate, bytes, sha256 } = manifest.splits[name];
    const size = mib(bytes).padStart(10);
    return `${name.padEnd(8)}${number(phishing)} phishing${number(legitimate)} legitimate${size}  sha256 ${sha256.slice(0, 8)}…`;
  });
  return `${lines.join("\n")}\nWritten to ${out}; manifest.json there names every source and its licence\nThen: bun run train --data ${out} --out models\n`;
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return promise.finally(() => signal.removeEventListener("abort", stop));
}
