import { resolve } from "node:path";
import type { Bases } from "./bases.ts";
import type { Engine } from "./engine.ts";

export const REPOSITORY = resolve(import.meta.dirname, "../../..");

export interface ImageOptions {
  readonly tag: string;
  /** Of the repository's root. */
  readonly dockerfile: string;
  readonly arguments?: Readonly<Record<string, string>>;
}

/** Builds one of our images with buildah, on the bases given. */
export async function buildImage(
  engine: Engine,
  { build, runtime }: Bases,
  options: ImageOptions,
): Promise<void> {
  const values = { BUILD_BASE: build, RUNTIME_BASE: runtime, ...options.arguments };
  const words = Object.entries(values).flatMap(([name, value]) => [
    "--build-arg",
    `${name}=${value}`,
  ]);
  // chroot: no namespaces are needed, so that it works inside a container too.
  await engine.run(
    [
      ...["buildah", "bud", "--isolation", "chroot", "--network", "host", "--layers=false"],
      ...["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"],
      ...["--file", options.dockerfile, ...words, "--tag", options.tag, "."],
    ],
    { cwd: REPOSITORY },
  );
}
