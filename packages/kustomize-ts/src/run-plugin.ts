import { findPlugin } from "./built-in-plugins.ts";
import { decodeDocument, optional, struct } from "./decode.ts";
import { BuildError } from "./errors.ts";
import type { FileSystem } from "./file-system.ts";
import { parseKustomization } from "./kustomization.ts";
import { sortOptions } from "./kustomization-parts.ts";
import { createLoader } from "./load.ts";
import { builtInOpenApi, withOpenApi } from "./openapi.ts";
import type { Plugin } from "./plugin.ts";
import { readResources } from "./read-resources.ts";
import { kindOf, type Resource, removeBuildNotes } from "./resource.ts";
import { append, dropDeleted, type ResourceMap } from "./resource-map.ts";
import type { Target } from "./target.ts";
import { sortResources } from "./transform/order.ts";

/** Where a plugin reads its files. */
export interface RunPluginOptions {
  readonly fs: FileSystem;
  readonly root: string;
  /** Whether the notes that a build makes on the way stay. */
  readonly keepNotes?: boolean;
}

/**
 * Runs one built-in generator or transformer, given as its configuration, on resources; gives the
 * resources that are there then. The map is changed.
 */
export function runPlugin(
  config: string,
  map: ResourceMap,
  { fs, root, keepNotes = false }: RunPluginOptions,
): readonly Resource[] {
  return withOpenApi(builtInOpenApi, () => {
    const [resource] = readResources(config, "config.yaml");
    if (resource === undefined) throw new BuildError("INVALID_CONFIG", "no configuration");
    const plugin =
      createSortPlugin(resource) ?? findPlugin(resource)(resource, createTarget(fs, root));
    if (plugin.kind === "transformer") plugin.transform(map);
    else for (const made of plugin.generate()) append(map, made);
    dropDeleted(map);
    if (!keepNotes) for (const one of map.list) removeBuildNotes(one);
    return map.list;
  });
}

const sortConfig = struct("SortOrderTransformer", { sortOptions: optional(sortOptions) });

/** The one transformer that a build uses itself but lets no file ask for. */
function createSortPlugin(config: Resource): Plugin | undefined {
  if (kindOf(config) !== "SortOrderTransformer") return undefined;
  const options = { file: "config.yaml", strict: false, coerce: true };
  const decoded = decodeDocument(config.node, sortConfig, options);
  const settings = decoded.sortOptions ?? { order: "fifo", legacySortOptions: undefined };
  return {
    kind: "transformer",
    transform: (map) => {
      map.list = sortResources(map.list, settings);
    },
  };
}

const NO_HELM = {
  isEnabled: false,
  command: "helm",
  apiVersions: [],
  kubeVersion: "",
  debug: false,
} as const;

function createTarget(fs: FileSystem, root: string): Target {
  const file = "kustomization.yaml";
  return {
    kustomization: parseKustomization("resources: []", { file, directory: root }),
    file,
    loader: createLoader(root, {
      fs,
      restrictor: "root-only",
      allowRemote: false,
      clones: [],
      warnings: [],
    }),
    context: { helm: NO_HELM, warnings: [], hasSchema: false },
    origin: undefined,
    buildMetadata: [],
    helmNamespace: "",
  };
}
