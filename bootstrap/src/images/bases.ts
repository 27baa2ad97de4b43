import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import type { Engine } from "./engine.ts";

/** The images that stand in for the bases the Dockerfiles name, where no registry can be reached. */
export interface Bases {
  readonly build: string;
  readonly runtime: string;
}

const BASES: Bases = {
  build: `localhost/hookline-build:bun-${Bun.version}`,
  runtime: "localhost/hookline-runtime:trixie",
};

/** What gcr.io/distroless/cc-debian13 is made of, less the certificates: nobody of ours speaks TLS. */
const RUNTIME_PACKAGES = ["base-files", "libc6", "libgcc-s1", "libstdc++6", "tzdata"];
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const NEEDLESS = ["./var/cache/apt", "./var/lib/apt/lists", "./usr/share/doc", "./usr/share/man"];

/**
 * Makes both bases from Debian's own packages, once: the folder of the engine keeps them.
 *
 * The one to build on is a debootstrap (minbase) with the Bun that runs this; the one to run on is
 * a few packages unpacked and nothing else, as distroless is: no shell.
 */
export async function prepareBases(engine: Engine): Promise<Bases> {
  const root = join(engine.folder, "debian");
  if (!existsSync(root)) await bootDebian(engine, root);
  const has = async (name: string) =>
    (await engine.attempt(["podman", "image", "exists", name])).code === 0;
  if (!(await has(BASES.build))) await importBuild(engine, root);
  if (!(await has(BASES.runtime))) await importRuntime(engine, root);
  return BASES;
}

async function bootDebian(engine: Engine, root: string): Promise<void> {
  const half = `${root}.half`;
  rmSync(half, { recursive: true, force: true });
  await engine.run(["debootstrap", "--variant=minbase", "trixie", half]);
  // The machine may stand behind a proxy whose authority Bun has to know when it installs.
  mkdirSync(join(half, "etc/ssl/certs"), { recursive: true });
  if (existsSync(CERTIFICATES)) copyFileSync(CERTIFICATES, join(half, CERTIFICATES));
  renameSync(half, root);
}

async function importBuild(engine: Engine, root: string): Promise<void> {
  const bun = join(root, "usr/local/bin/bun");
  copyFileSync(process.execPath, bun);
  chmodSync(bun, 0o755);
  await importFolder(engine, root, {
    name: BASES.build,
    change: `ENV NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
    without: NEEDLESS,
  });
}

async function importRuntime(engine: Engine, debian: string): Promise<void> {
  const root = join(engine.folder, "runtime");
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  const archives = join(debian, "var/cache/apt/archives");
  for (const name of RUNTIME_PACKAGES) {
    const [archive] = new Glob(`${name}_*.deb`).scanSync(archives);
    if (archive === undefined) throw new Error(`Cannot make a base: debootstrap left no ${name}`);
    await engine.run(["dpkg", "-x", join(archives, archive), root]);
  }
  await importFolder(engine, root, { name: BASES.runtime, change: "ENV TZ=UTC", without: [] });
}

interface ImportOptions {
  readonly name: string;
  readonly change: string;
  readonly without: readonly string[];
}

async function importFolder(engine: Engine, root: string, options: ImportOptions): Promise<void> {
  const archive = `${root}.tar`;
  const excluded = options.without.map((path) => `--exclude=${path}`);
  await engine.run(["tar", "-C", root, ...excluded, "-cf", archive, "."]);
  await engine.run([
    "podman",
    "import",
    "--quiet",
    "--change",
    options.change,
    archive,
    options.name,
  ]);
  rmSync(archive);
}
