// An overlay of the working tree or of a commit as plain resources, or the reason why it is not deployed.
import { readdirSync, realpathSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import {
  BuildError,
  build,
  createGitFileSystem,
  diskFileSystem,
  type FileSystem,
  parseYaml,
} from "@hookline/kustomize-ts";
import type { JsonObject } from "@hookline/mesh";
import { UpError } from "../errors.ts";
import { runGit } from "./git.ts";
import { toPlainObject } from "./plain.ts";

export interface RenderRequest {
  /** The folder that holds `overlays/`. */
  readonly gitops: string;
  readonly overlay: string;
  /** Reads this commit's files instead of those that lie there. */
  readonly commit?: string | undefined;
}

/** An overlay as it would be applied, and what the mesh it is applied to is told. */
export interface Rendered {
  readonly resources: readonly JsonObject[];
  /** The values of istiod's chart; undefined where the tree has none, for Istio's defaults. */
  readonly istiod?: unknown;
  /** What the lint only warns of, where it was asked. */
  readonly doubts?: readonly string[];
}

const ISTIOD = "platform/istiod/values.yaml";

/** Renders; throws RENDER or UNKNOWN_OVERLAY with a sentence for people. */
export function renderOverlay(request: RenderRequest): Rendered {
  const { gitops, overlay, commit } = request;
  const known = commit === undefined ? listOverlays(gitops) : listOverlaysAt(gitops, commit);
  if (!known.includes(overlay)) {
    const exist = known.length === 0 ? "there is none" : `${known.join(", ")} exist`;
    const message = `Cannot run overlay "${overlay}": ${exist}`;
    throw new UpError(message, { code: "UNKNOWN_OVERLAY" });
  }
  try {
    const root = realpathSync(gitops);
    const fs = commit === undefined ? diskFileSystem : createGitFileSystem(topOf(gitops), commit);
    const { resources } = build(join(root, "overlays", overlay), { reorder: "legacy", fs });
    return {
      resources: resources.map(({ value }) => toPlainObject(value)),
      istiod: readValues(join(root, ISTIOD), fs),
    };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const why = error.message.replaceAll(`${realpathSync(gitops)}/`, "");
    throw new UpError(`Cannot render overlay "${overlay}": ${why}`, {
      code: "RENDER",
      cause: error,
    });
  }
}

function readValues(path: string, fs: FileSystem): unknown {
  const bytes = fs.readFile(path);
  return bytes && parseYaml(new TextDecoder().decode(bytes), ISTIOD);
}

function listOverlays(gitops: string): readonly string[] {
  try {
    const entries = readdirSync(join(gitops, "overlays"), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch (error) {
    const message = `Cannot find overlays: "${resolve(gitops)}" has no folder overlays`;
    throw new UpError(message, { code: "UNKNOWN_OVERLAY", cause: error });
  }
}

function listOverlaysAt(gitops: string, commit: string): readonly string[] {
  const inside = relative(topOf(gitops), realpathSync(gitops));
  const folder = join(inside, "overlays/");
  const listed = runGit(topOf(gitops), ["ls-tree", "-d", "--name-only", commit, folder]);
  return listed.split("\n").flatMap((path) => (path === "" ? [] : [path.slice(folder.length)]));
}

function topOf(gitops: string): string {
  return realpathSync(runGit(gitops, ["rev-parse", "--show-toplevel"]));
}
