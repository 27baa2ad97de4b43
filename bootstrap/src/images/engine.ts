import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the images are built and run with; all are Debian packages of these names but `debootstrap`'s dpkg. */
const TOOLS = ["buildah", "podman", "runc", "debootstrap", "dpkg"] as const;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** buildah and podman on a storage of their own, so that nothing of the machine's is touched. */
export interface Engine {
  readonly folder: string;
  /** Runs and returns the output; throws what the program said when it fails. */
  run(command: readonly string[], options?: { cwd?: string }): Promise<string>;
  /** Runs and tells how it ended. */
  attempt(command: readonly string[], options?: { cwd?: string }): Promise<Finished>;
}

/** What is missing for building and running images here, in words; empty: nothing. */
export function listMissing(): string[] {
  const tools = TOOLS.filter((tool) => Bun.which(tool) === null);
  return process.getuid?.() === 0 ? tools : [...tools, "root"];
}

/**
 * An engine whose images and containers lie in the folder given.
 *
 * The driver is `vfs`: plain copies, slow and large, but it works on every file system and nested in a container.
 */
export function createEngine(folder: string): Engine {
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, "storage.conf");
  if (!existsSync(configuration)) {
    const root = join(folder, "storage");
    writeFileSync(
      configuration,
      `[storage]\ndriver = "vfs"\nrunroot = "${root}/run"\ngraphroot = "${root}/graph"\n`,
    );
  }
  const env = { ...process.env, CONTAINERS_STORAGE_CONF: configuration };
  async function attempt(command: readonly string[], { cwd = folder } = {}): Promise<Finished> {
    const child = Bun.spawn([...command], { cwd, env, stdout: "pipe", stderr: "pipe" });
    const [stdout, stderr, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  }
  async function run(command: readonly string[], options?: { cwd?: string }): Promise<string> {
    const { code, stdout, stderr } = await attempt(command, options);
    if (code !== 0) {
      throw new Error(
        `Cannot run "${command.join(" ")}": it ended with ${code}\n${stdout}${stderr}`,
      );
    }
    return stdout.trim();
  }
  return { folder, run, attempt };
}
