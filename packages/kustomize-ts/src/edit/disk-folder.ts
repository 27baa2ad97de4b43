import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { EditFolder } from "./edit.ts";
import { hasGlob, matchesGlob } from "./glob.ts";

/** The folder at `root` on the disk. */
export function createDiskFolder(root: string): EditFolder {
  const exists = (path: string): boolean => existsSync(resolve(root, path));
  return {
    exists,
    glob: (pattern) => {
      const wantsHidden = pattern.split("/").at(-1)?.startsWith(".") === true;
      const paths = hasGlob(pattern) ? expand(root, pattern) : [pattern].filter(exists);
      return paths.filter((path) => wantsHidden || !path.split("/").at(-1)?.startsWith("."));
    },
    readFile: (path) => {
      const full = resolve(root, path);
      return existsSync(full) && statSync(full).isFile() ? readFileSync(full, "utf8") : undefined;
    },
    writeFile: (path, text) => writeFileSync(resolve(root, path), text),
  };
}

/** The paths that match, segment by segment, each folder in the order of its names. */
function expand(root: string, pattern: string): readonly string[] {
  const start = pattern.startsWith("/") ? "/" : "";
  return pattern
    .slice(start.length)
    .split("/")
    .reduce<readonly string[]>(
      (paths, segment) =>
        paths.flatMap((path) => {
          const at = (name: string): string => (path === start ? path + name : `${path}/${name}`);
          const plain = existsSync(resolve(root, at(segment))) ? [segment] : [];
          const names = hasGlob(segment) ? matchingNames(resolve(root, path), segment) : plain;
          return names.map(at);
        }),
      [start],
    );
}

function matchingNames(folder: string, segment: string): readonly string[] {
  if (!(existsSync(folder) && statSync(folder).isDirectory())) {
    return [];
  }
  return readdirSync(folder)
    .filter((name) => matchesGlob(segment, name))
    .sort();
}
