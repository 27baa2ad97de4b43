import { constants, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { explainFolder } from "../run-folder.ts";
import type { PodTemplate, VolumeContent } from "../workloads/workload.ts";

/** The files of one pod, in a folder of its own. */
export interface PodFiles {
  /** A path inside the container as a path of this machine, where the pod has files there. */
  readonly resolve: (path: string) => string;
  readonly remove: () => void;
}

type PodVolumes = Pick<PodTemplate, "mounts" | "volumes">;

/** Writes a pod's volumes under `folder` and puts each mount at its place below `folder/root`. Throws NO_FOLDER. */
export function writePodFiles(folder: string, volumes: PodVolumes): PodFiles {
  const root = join(folder, "root");
  try {
    writeVolumes(folder, root, volumes);
  } catch (error) {
    throw explainFolder(folder, error);
  }
  const mounted = volumes.mounts.map(({ mountPath }) =>
    posix.normalize(mountPath).replace(/\/$/, ""),
  );
  return {
    resolve: (path) => (mounted.some((mount) => isRelated(path, mount)) ? join(root, path) : path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writeVolumes(folder: string, root: string, { mounts, volumes }: PodVolumes): void {
  const places = new Map<string, string>();
  for (const [name, content] of volumes) {
    // In its place where it can be: some programs do not follow links when they look for files.
    const whole = mounts.find((mount) => mount.name === name && mount.subPath === "");
    const place = whole ? join(root, whole.mountPath) : join(folder, "volumes", name);
    places.set(name, place);
    writeVolume(place, content);
  }
  for (const { name, mountPath, subPath } of mounts) {
    const at = join(root, mountPath);
    const place = places.get(name);
    if (place === undefined || place === at) continue;
    mkdirSync(posix.dirname(at), { recursive: true });
    symlinkSync(join(place, subPath), at);
  }
}

/** Whether a path is a mount, lies in it, or leads to it: a program may be told of a folder above. */
function isRelated(path: string, mount: string): boolean {
  if (!posix.isAbsolute(path) || posix.normalize(path) === "/") return false;
  const normal = posix.normalize(path).replace(/\/$/, "");
  return normal === mount || normal.startsWith(`${mount}/`) || mount.startsWith(`${normal}/`);
}

function writeVolume(folder: string, content: VolumeContent): void {
  mkdirSync(folder, { recursive: true });
  if (content.kind === "folder") {
    // A copy, as the cluster's: a model that is trained anew here does not change what runs.
    cpSync(content.folder, folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  }
  if (content.kind !== "files") return;
  for (const [path, bytes] of content.files) {
    const file = join(folder, path);
    mkdirSync(posix.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
