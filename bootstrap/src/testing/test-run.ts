import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createDiscovery } from "../kube/discovery.ts";
import { createReport } from "../report.ts";
import type { Run } from "../run.ts";
import { connectTo } from "./connect.ts";
import { createBareRepository, startGitServer } from "./git-server.ts";
import { prepareFolder, startTestCluster } from "./test-cluster.ts";

/** The root of this checkout. */
export const ROOT = join(import.meta.dir, "..", "..", "..");

export type TestRun = Awaited<ReturnType<typeof startTestRun>>;

/** A test cluster, this checkout as a repository beside it, and runs of the stages over both. */
export async function startTestRun(say: (line: string) => void = () => {}) {
  const cluster = await startTestCluster();
  const admin = connectTo(cluster.admin);
  const folder = join(cluster.folder, "git");
  mkdirSync(folder);
  const bare = createBareRepository(ROOT, folder, "hookline.git");
  const git = startGitServer(folder);
  const repository = { url: git.url("hookline.git"), revision: "main" };
  const prepared = prepareFolder(cluster.folder);
  const told: string[] = [];
  const tell = (line: string) => {
    told.push(line);
    say(line);
  };
  const report = createReport(tell, { json: false });
  return {
    cluster,
    admin,
    /** The bare repository on disk, and its address. */
    bare,
    repository,
    prepared,
    /** What the runs said. */
    told,
    report,
    with: (rest: Partial<Run> = {}): Run => ({
      connection: admin,
      discovery: createDiscovery(admin),
      report,
      root: ROOT,
      prepared,
      repository,
      access: {},
      overlays: [],
      charts: undefined,
      dryRun: false,
      force: false,
      timeoutMs: 120_000,
      patienceMs: 0,
      intervalMs: 50,
      ...rest,
    }),
    stop: async () => {
      git.stop();
      await cluster.stop();
    },
  };
}
