import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { BuildError, build } from "@hookline/kustomize-ts";
import { parse } from "yaml";
import type { CreateMeshOptions } from "../create-mesh.ts";
import { MeshError } from "../errors.ts";
import { readIstiodValues } from "../istiod-values.ts";
import { readManifests } from "../read-manifests.ts";
import type { JsonObject } from "../types.ts";

export interface InputOptions {
  /** An overlay of this repository, by name, or the folder of a kustomization. */
  readonly overlay: string | undefined;
  /** YAML files, or folders of them. */
  readonly files: readonly string[];
  /** Values of istiod's chart; an overlay of this repository brings its own. */
  readonly istiod: string | undefined;
}

export interface Input {
  readonly resources: readonly JsonObject[];
  readonly options: CreateMeshOptions;
}

/** Reads what a command line names. Throws a MeshError for what cannot be read. */
export async function readInput({ overlay, files, istiod }: InputOptions): Promise<Input> {
  if ((overlay === undefined) === (files.length === 0)) {
    throw new MeshError("Cannot read manifests: expected --overlay or -f; see --help", {
      code: "USAGE",
    });
  }
  const tree = overlay === undefined ? undefined : findTree(overlay);
  const resources = overlay === undefined ? await readFiles(files) : renderOverlay(tree, overlay);
  const values = istiod ?? (tree && join(tree, "platform/istiod/values.yaml"));
  const options = values === undefined ? {} : readIstiodValues(parse(await readText(values)));
  return { resources, options };
}

/** The folder gitops above here, if it has the overlay. */
function findTree(overlay: string): string | undefined {
  return listTrees().find((tree) => isFolder(join(tree, "overlays", overlay)));
}

/** The folders gitops/ with overlays here and above, the nearest first. */
function listTrees(): readonly string[] {
  const trees: string[] = [];
  for (let folder = process.cwd(); ; folder = join(folder, "..")) {
    const tree = join(folder, "gitops");
    if (isFolder(join(tree, "overlays"))) trees.push(tree);
    if (folder === join(folder, "..")) return trees;
  }
}

/** The overlays of the nearest tree. */
function listOverlays(): readonly string[] {
  const [tree] = listTrees();
  if (tree === undefined) return [];
  const overlays = join(tree, "overlays");
  return readdirSync(overlays)
    .filter((name) => isFolder(join(overlays, name)))
    .sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function renderOverlay(tree: string | undefined, overlay: string): JsonObject[] {
  const folder = tree === undefined ? overlay : join(tree, "overlays", overlay);
  if (!isFolder(folder)) {
    const names = listOverlays();
    const known = names.length === 0 ? "" : `; there are ${names.join(", ")}`;
    throw new MeshError(`Cannot find the overlay "${overlay}"${known}`, { code: "USAGE" });
  }
  try {
    return build(folder).resources.map(({ value }) => value);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    throw new MeshError(`Cannot render: ${error.message}`, { code: "NOT_RENDERED", cause: error });
  }
}

async function readFiles(paths: readonly string[]): Promise<JsonObject[]> {
  const files = paths.flatMap((path) =>
    isFolder(path)
      ? readdirSync(path)
          .filter((name) => /\.ya?ml$/.test(name))
          .sort()
          .map((name) => join(path, name))
      : [path],
  );
  const texts = await Promise.all(files.map(readText));
  const resources = texts.flatMap((text, index) => {
    try {
      return readManifests(text);
    } catch (error) {
      const message = `Cannot read ${files[index]}: ${String(error)}`;
      throw new MeshError(message, { code: "USAGE", cause: error });
    }
  });
  if (!resources.some(isManifest)) {
    const hint = "a folder with a kustomization is given with --overlay";
    const message = `Cannot find a manifest in ${paths.join(", ")}; ${hint}`;
    throw new MeshError(message, { code: "USAGE" });
  }
  return resources;
}

/** A kustomization says what to build, and is itself nothing that a mesh has. */
function isManifest({ apiVersion, kind }: JsonObject): boolean {
  return typeof kind === "string" && !String(apiVersion).startsWith("kustomize.config.k8s.io/");
}

async function readText(path: string): Promise<string> {
  try {
    return await Bun.file(path).text();
  } catch (error) {
    throw new MeshError(`Cannot read ${path}`, { code: "USAGE", cause: error });
  }
}
