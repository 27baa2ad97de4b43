// The program `up`: arguments → release → cluster → until it is asked to stop. And `status`, which asks one.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { reachLoopback, toPrintable } from "@hookline/command-line";
import { parseArguments, type UpArguments } from "./arguments.ts";
import { Cluster } from "./cluster.ts";
import { type DeployerOptions, startDeployer } from "./deployer.ts";
import { describeLater, describeStart } from "./describe-start.ts";
import { UpError } from "./errors.ts";
import { runGit } from "./overlay/git.ts";
import { createSource } from "./overlay/source.ts";
import { checkPort } from "./port.ts";
import { createRunFolder } from "./run-folder.ts";
import { readStatus } from "./status.ts";
import { listenForStop, type StopRequest } from "./stop.ts";

interface MainOptions {
  /** The words after the program's name. */
  readonly words: readonly string[];
  /** Folder that holds the programs, each as `<name>/src/server.ts`. */
  readonly programsDir: string;
}

/** Runs until stopped; throws an UpError for what kept it from running. */
export async function main({ words, programsDir }: MainOptions): Promise<void> {
  reachLoopback();
  const wanted = parseArguments(words);
  if (wanted.kind === "help") process.stdout.write(wanted.text);
  else if (wanted.kind === "status") write(await readStatus(wanted));
  else await up({ ...wanted, ...listenForStop(), programsDir });
}

function write(text: string): void {
  process.stdout.write(toPrintable(text));
}

type Print = (event: object, text: string) => void;

type UpOptions = UpArguments & StopRequest & { readonly programsDir: string };

async function up(options: UpOptions): Promise<void> {
  const { overlay, port, programsDir, follow, asked, abandoned, json, logs } = options;
  const print: Print = (event, text) => write(`${json ? JSON.stringify(event) : text}\n`);
  const gitops = options.gitops ?? join(programsDir, "../gitops");
  const source = createSource({ gitops, overlay, follow });
  const candidate = source.read();
  const release = { revision: candidate.revision, ...candidate.render() };
  await checkPort(port);
  const runFolder = createRunFolder();
  const log = (from: string, line: string) =>
    logs && print({ event: "log", from, line }, `${from} | ${line}`);
  const cluster = new Cluster(release, {
    ...options,
    runFolder,
    programsRevision: readRevision(programsDir),
    logPod: log,
    logRequest: (entry) => log("gateway", JSON.stringify(entry)),
    tell: (text) => print({ event: "trouble", text }, text),
  });
  abandoned.addEventListener("abort", () => cluster.kill());
  process.on("exit", () => {
    cluster.kill();
    rmSync(runFolder, { recursive: true, force: true });
  });
  try {
    await cluster.start();
    if (asked.aborted) return;
    const tellPrograms = tellStart(cluster, { print, asked });
    const tell: DeployerOptions["tell"] = (event, text) => {
      print(event, text);
      if (event.event === "deployed") tellPrograms();
    };
    const deployer = startDeployer({ source, cluster, tell });
    await fires(asked);
    await deployer.stop();
  } finally {
    await cluster.stop();
  }
}

/**
 * Tells that it is ready; and of others' programs that were starting then, once it is known, how it stands with them.
 * Gives what tells of those that are other than they were told, to be called after a change.
 */
function tellStart(
  cluster: Cluster,
  { print, asked }: { print: Print; asked: AbortSignal },
): () => void {
  let told = cluster.state();
  const { lines, event } = describeStart(told);
  print(event, lines.join("\n"));
  const tellPrograms = () => {
    void cluster.stateWhenSettled().then((now) => {
      if (asked.aborted) return;
      for (const later of describeLater(told, now)) print(later.event, later.line);
      told = now;
    });
  };
  tellPrograms();
  return tellPrograms;
}

/** The revision of the programs, so that they need not ask Git each. */
function readRevision(programsDir: string): string {
  try {
    return runGit(programsDir, ["rev-parse", "HEAD"]);
  } catch (error) {
    if (error instanceof UpError) return "unknown";
    throw error;
  }
}

function fires(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve());
  return promise;
}
