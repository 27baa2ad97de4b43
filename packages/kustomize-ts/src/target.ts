import { defaultConfig, emptyConfig, mergeConfigs, type TransformerConfig } from "./config.ts";
import { readCrdConfig } from "./crds.ts";
import { BuildError, withContext } from "./errors.ts";
import {
  KUSTOMIZATION_FILE_NAMES,
  type Kustomization,
  parseKustomization,
  parseTransformerConfig,
} from "./kustomization.ts";
import { type Loader, loadText } from "./load.ts";
import {
  builtInOpenApi,
  createCustomOpenApi,
  requireBuiltInVersion,
  setOpenApi,
} from "./openapi.ts";
import type { Origin } from "./origin.ts";
import { toJsonValue } from "./yaml/convert.ts";
import { parseOldYaml } from "./yaml/parse-old.ts";

/** How charts are rendered. */
export interface HelmSettings {
  readonly isEnabled: boolean;
  readonly command: string;
  readonly apiVersions: readonly string[];
  readonly kubeVersion: string;
  readonly debug: boolean;
}

/** What the whole build shares. */
export interface BuildContext {
  readonly helm: HelmSettings;
  /** Collects what is used although it will go. */
  readonly warnings: string[];
  /** Whether a kustomization has set the schemas; only the first may. */
  hasSchema: boolean;
}

/** A folder with its kustomization. */
export interface Target {
  readonly kustomization: Kustomization;
  readonly file: string;
  readonly loader: Loader;
  readonly context: BuildContext;
  /** Where it comes from, when the build shows that. */
  readonly origin: Origin | undefined;
  readonly buildMetadata: readonly string[];
  /** The namespace of the folders above, for Helm charts that have none. */
  readonly helmNamespace: string;
}

/** Reads the one kustomization of a folder. */
export function readKustomization(loader: Loader): { kustomization: Kustomization; file: string } {
  const names = KUSTOMIZATION_FILE_NAMES.filter(
    (name) =>
      loader.settings.fs.stat(`${loader.root === "/" ? "" : loader.root}/${name}`)?.kind === "file",
  );
  const [file] = names;
  if (file === undefined) {
    const message = `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${loader.root}'`;
    throw new BuildError("NO_KUSTOMIZATION", message, { file: loader.root });
  }
  if (names.length > 1) {
    const message = `Found multiple kustomization files under: ${loader.root}\n`;
    throw new BuildError("MANY_KUSTOMIZATIONS", message, { file });
  }
  const content = loadText(loader, file);
  return { kustomization: parseKustomization(content, { file, directory: loader.root }), file };
}

/** Sets the schemas that a kustomization asks for; those of the folder above come first. */
export function useOpenApi(
  { loader, kustomization, file, context }: Omit<Target, "helmNamespace">,
  isRoot: boolean,
): void {
  const path = kustomization.openapi.get("path");
  const version = kustomization.openapi.get("version");
  const content = path === undefined ? undefined : loadText(loader, path);
  if (context.hasSchema && !isRoot) return;
  if (path !== undefined && content !== undefined) {
    if (version !== undefined) {
      const message = "builtin version and custom schema provided, cannot use both";
      throw new BuildError("INVALID_OPENAPI", message, { file, field: "openapi" });
    }
    setOpenApi(createCustomOpenApi(readSchema(content, path)));
    context.hasSchema = true;
  } else if (version !== undefined && version !== "") {
    requireBuiltInVersion(version, file);
    setOpenApi(builtInOpenApi);
    context.hasSchema = true;
  }
}

function readSchema(content: string, file: string): unknown {
  return withContext("invalid schema file", () => {
    if (content.trimStart().startsWith("{")) return requireSchema(parseJson(content, file), file);
    const root = parseOldYaml(content, { file });
    return requireSchema(root === undefined ? {} : toJsonValue(root), file);
  });
}

/** The real one panics at a schema of another shape. */
function requireSchema(schema: unknown, file: string): unknown {
  const refuse = (type: string) =>
    new BuildError("INVALID_OPENAPI", `json: cannot unmarshal into Go value of type ${type}`, {
      file,
    });
  if (schema === null) return {};
  if (!isObject(schema)) throw refuse("spec.Swagger");
  const definitions = schema["definitions"] ?? {};
  if (!isObject(definitions)) throw refuse("spec.Definitions");
  const isSchema = (value: unknown) => value === null || isObject(value);
  if (!Object.values(definitions).every(isSchema)) throw refuse("spec.Schema");
  return schema;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw invalidJson(file, cause);
  }
}

function invalidJson(file: string, cause: unknown): BuildError {
  return new BuildError("INVALID_OPENAPI", String(cause), { file, cause });
}

/** The defaults, what `configurations` adds and what `crds` says. */
export function readConfig(
  { kustomization, loader }: Target,
  base: TransformerConfig,
): TransformerConfig {
  let own = emptyConfig;
  for (const path of kustomization.configurations) {
    own = mergeConfigs(own, readConfigFile(loader, path));
  }
  let config = mergeConfigs(base, mergeConfigs(defaultConfig(), own));
  for (const path of kustomization.crds) {
    const context = `loading CRDs [${kustomization.crds.join(" ")}]`;
    config = mergeConfigs(
      config,
      withContext(context, () => readCrdConfig(loadText(loader, path), path)),
    );
  }
  return config;
}

function readConfigFile(loader: Loader, path: string): TransformerConfig {
  return withContext("", () => parseTransformerConfig(loadText(loader, path), path), path);
}
