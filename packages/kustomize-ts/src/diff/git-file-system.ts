import { posix } from "node:path";
import { BuildError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";

/** A file of a tree: Git's mode, the object that holds the content, its size in bytes. */
interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly size: number;
}

const LINK = "120000";
const MAX_LINKS = 40;
/** Files of a folder up to this size are read in one go, at the first that is asked for. */
const MAX_BATCH_BYTES = 1 << 20;

/** Runs git in a folder and gives what it printed; BuildError GIT with git's own words when it fails. */
export function runGit(folder: string, words: readonly string[], input?: string): Buffer {
  const child = Bun.spawnSync(["git", "-C", folder, ...words], {
    stdin: input === undefined ? "ignore" : new TextEncoder().encode(input),
    maxBuffer: 1 << 30,
  });
  if (child.exitCode !== 0) {
    const said = child.stderr.toString().trim().split("\n").at(-1) ?? "";
    throw new BuildError("GIT", `Cannot run git ${words[0]}: ${said}`);
  }
  return child.stdout;
}

/** The files of a commit as they would lie at `root`, read from Git's objects: nothing is checked out. */
export function createGitFileSystem(root: string, ref: string): FileSystem {
  const files = listFiles(root, ref);
  const folders = listFolders(files, root);
  const contents = new Map<string, Uint8Array>();
  const locate = (path: string): string | undefined => resolveLinks(path, files, root);
  return {
    readFile: (path) => {
      const real = locate(path);
      const entry = real === undefined ? undefined : files.get(real);
      if (real === undefined || entry === undefined) {
        return undefined;
      }
      if (!contents.has(entry.object)) {
        readObjects(root, siblings(files, folders, real), contents);
      }
      return contents.get(entry.object);
    },
    stat: (path) => {
      const real = locate(path);
      if (real === undefined) {
        return undefined;
      }
      if (files.has(real)) {
        return { path: real, kind: "file" };
      }
      return folders.has(real) ? { path: real, kind: "directory" } : undefined;
    },
  };
}

function listFiles(root: string, ref: string): ReadonlyMap<string, Entry> {
  const listing = runGit(root, ["ls-tree", "-r", "-z", "--long", "--full-tree", ref]).toString();
  const rows = listing.split("\0").flatMap((row): (readonly [string, Entry])[] => {
    const [, mode = "", type, object = "", size, path = ""] =
      /^(\d+) (\w+) (\w+) +(\d+|-)\t(.*)$/s.exec(row) ?? [];
    return type === "blob" ? [[posix.join(root, path), { mode, object, size: Number(size) }]] : [];
  });
  return new Map(rows);
}

/** Every folder with the paths of its files. */
function listFolders(
  files: ReadonlyMap<string, Entry>,
  root: string,
): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>([[root, []]]);
  const open = (folder: string): string[] => {
    const known = folders.get(folder);
    if (known !== undefined) {
      return known;
    }
    const made: string[] = [];
    folders.set(folder, made);
    open(posix.dirname(folder));
    return made;
  };
  for (const path of files.keys()) {
    open(posix.dirname(path)).push(path);
  }
  return folders;
}

/** The path with all symbolic links followed; undefined when it leads out of the tree or round and round. */
function resolveLinks(
  path: string,
  files: ReadonlyMap<string, Entry>,
  root: string,
): string | undefined {
  let rest = posix
    .normalize(path)
    .split("/")
    .filter((part) => part !== "");
  let real = "/";
  for (let links = 0; rest.length > 0; ) {
    const [part = "", ...further] = rest;
    const next = posix.join(real, part);
    const entry = files.get(next);
    if (entry?.mode === LINK) {
      links += 1;
      if (links > MAX_LINKS) {
        return undefined;
      }
      const target = runGit(root, ["cat-file", "blob", entry.object]).toString();
      const joined = posix.resolve(real, target);
      rest = [...joined.split("/").filter((name) => name !== ""), ...further];
      real = "/";
    } else {
      real = next;
      rest = further;
    }
  }
  return real === root || real.startsWith(`${root}/`) ? real : undefined;
}

function siblings(
  files: ReadonlyMap<string, Entry>,
  folders: ReadonlyMap<string, readonly string[]>,
  path: string,
): readonly Entry[] {
  const paths = folders.get(posix.dirname(path)) ?? [];
  return paths.flatMap((other) => {
    const entry = files.get(other);
    return entry !== undefined && (other === path || entry.size <= MAX_BATCH_BYTES) ? [entry] : [];
  });
}

/** Asks one `git cat-file --batch` for all; its answers are a line `<object> blob <size>`, the bytes, a newline. */
function readObjects(
  root: string,
  entries: readonly Entry[],
  contents: Map<string, Uint8Array>,
): void {
  const wanted = entries.map((entry) => `${entry.object}\n`).join("");
  const answer = runGit(root, ["cat-file", "--batch"], wanted);
  let at = 0;
  for (const { object, size } of entries) {
    const start = answer.indexOf("\n", at) + 1;
    contents.set(object, new Uint8Array(answer.subarray(start, start + size)));
    at = start + size + 1;
  }
}
