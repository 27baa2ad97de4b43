/** What runs: the package, its version, and the Git revision it was built from. */
export interface Version {
  readonly name: string;
  readonly version: string;
  /** Forty hexadecimal digits, or "unknown" outside a checkout and without HOOKLINE_REVISION. */
  readonly revision: string;
}

interface ReadVersionOptions {
  /** Where HOOKLINE_REVISION is looked up; an image sets it when it is built. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The folder whose checkout is asked when the environment says nothing. */
  readonly folder?: string;
}

/**
 * The version of the program whose package.json is given.
 *
 * Takes the parsed package.json, so that name and version are those of the release and cannot
 * drift from it. Never throws: a missing Git or checkout gives the revision "unknown".
 */
export function readVersion(
  packageJson: { readonly name: string; readonly version: string },
  { environment = process.env, folder = import.meta.dirname }: ReadVersionOptions = {},
): Version {
  const revision = environment["HOOKLINE_REVISION"] || readRevision(folder) || "unknown";
  return { name: packageJson.name, version: packageJson.version, revision };
}

/**
 * Gives a function that reads the version when it is first asked, and keeps it: reading may start
 * Git, for which neither the start of a program nor its first caller should wait.
 */
export function createVersionReader(
  packageJson: Parameters<typeof readVersion>[0],
  options?: ReadVersionOptions,
): () => Version {
  let version: Version | undefined;
  return () => {
    version ??= readVersion(packageJson, options);
    return version;
  };
}

function readRevision(folder: string): string | undefined {
  // Not imported: whoever has the variable never asks Git, and loading this takes milliseconds.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], {
    cwd: folder,
    encoding: "utf8",
    // A checkout owned by another user prints to stderr; that is the reader's affair, not ours.
    stdio: ["ignore", "pipe", "ignore"],
  });
  // Where nothing was committed yet, Git prints "HEAD" and fails.
  return status === 0 ? stdout.trim() : undefined;
}
