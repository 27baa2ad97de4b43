import { readFileSync, realpathSync, statSync } from "node:fs";
import { posix } from "node:path";

/** What is at a path. */
export interface FileStat {
  /** The path with its symbolic links resolved. */
  readonly path: string;
  readonly kind: "directory" | "file";
}

/** Where a build reads from. All paths are absolute. */
export interface FileSystem {
  /** The content, `undefined` for what is not there or may not be read. */
  readonly readFile: (path: string) => Uint8Array | undefined;
  readonly stat: (path: string) => FileStat | undefined;
}

/** The files of this machine. */
export const diskFileSystem: FileSystem = {
  readFile: (path) => {
    try {
      // A pipe or a device may never end.
      return statSync(path).isFile() ? readFileSync(path) : undefined;
    } catch {
      return undefined;
    }
  },
  stat: (path) => {
    try {
      const real = realpathSync(path);
      return { path: real, kind: statSync(real).isDirectory() ? "directory" : "file" };
    } catch {
      return undefined;
    }
  },
};

/** Files that are given: their paths, absolute or seen from `/`, and their contents. */
export function createMemoryFileSystem(
  files: ReadonlyMap<string, Uint8Array | string>,
): FileSystem {
  const contents = new Map<string, Uint8Array>();
  const directories = new Set(["/"]);
  const encoder = new TextEncoder();
  for (const [name, content] of files) {
    const path = posix.join("/", name);
    contents.set(path, typeof content === "string" ? encoder.encode(content) : content);
    for (let up = posix.dirname(path); up !== "/"; up = posix.dirname(up)) directories.add(up);
  }
  return {
    readFile: (path) => contents.get(posix.join("/", path)),
    stat: (path) => {
      const real = posix.join("/", path).replace(/(?<=.)\/$/, "");
      if (contents.has(real)) return { path: real, kind: "file" };
      return directories.has(real) ? { path: real, kind: "directory" } : undefined;
    },
  };
}
