import { BuildError } from "./errors.ts";
import { MERGE_TYPES, METADATA_ONLY_KINDS } from "./schema/merge-keys.ts";
import { CLUSTER_SCOPED, NAMESPACED } from "./schema/scopes.ts";

/** What a merge must know of a field. */
export interface FieldSchema {
  /** Whether the patch strategy of a list is to merge it. */
  readonly merges: boolean;
  /** The fields that tell the items of a merged list apart; none for a list of scalars. */
  readonly keys: readonly string[];
  /** Whether a patch strategy is given at all. */
  readonly hasStrategy: boolean;
  readonly field: (name: string) => FieldSchema | undefined;
  readonly items: () => FieldSchema | undefined;
}

/** The schemas of a build. */
export interface OpenApi {
  readonly schemaFor: (apiVersion: string, kind: string) => FieldSchema | undefined;
  readonly isClusterScoped: (apiVersion: string, kind: string) => boolean;
}

const VERSION = "v1.21.2";

interface TypeField {
  readonly type: string;
  readonly keys: readonly string[] | undefined;
}

/** The types of the table, read when the first merge asks for them. */
function readMergeTypes(): {
  types: Map<string, Map<string, TypeField>>;
  kinds: Map<string, string>;
} {
  const types = new Map<string, Map<string, TypeField>>();
  const kinds = new Map<string, string>();
  for (const line of MERGE_TYPES.trim().replaceAll("\n  ", " ").split("\n")) {
    const [type = "", ...words] = line.split(" ");
    const fields = new Map<string, TypeField>();
    for (const word of words) {
      if (word.startsWith("@")) kinds.set(`${word.slice(1)} ${type.split(".").at(-1)}`, type);
      else readField(fields, word);
    }
    types.set(type, fields);
  }
  types.set("metadata-only", new Map([["metadata", { type: "ObjectMeta", keys: undefined }]]));
  for (const line of METADATA_ONLY_KINDS.trim().replaceAll("\n  ", " ").split("\n")) {
    const [apiVersion = "", ...names] = line.split(" ");
    for (const name of names) kinds.set(`${apiVersion} ${name}`, "metadata-only");
  }
  return { types, kinds };
}

function readField(fields: Map<string, TypeField>, word: string): void {
  const [, name = "", keys, type = ""] = /^([^[:]+)(?:\[([^\]]*)\])?(?::(.+))?$/.exec(word) ?? [];
  const list = keys === undefined || keys === "" ? undefined : keys.split(",");
  fields.set(name, { type, keys: list?.[0] === "*" ? [] : list });
}

let table: ReturnType<typeof readMergeTypes> | undefined;

/** A field of a built-in kind that the table leaves out, since nothing in it is merged. */
const UNMERGED: FieldSchema = {
  merges: false,
  hasStrategy: false,
  keys: [],
  field: () => UNMERGED,
  items: () => UNMERGED,
};

function createBuiltInSchema(type: string, keys: readonly string[] | undefined): FieldSchema {
  table ??= readMergeTypes();
  const fields = table.types.get(type);
  return {
    merges: keys !== undefined,
    hasStrategy: keys !== undefined,
    keys: keys ?? [],
    field: (name) => {
      const field = fields?.get(name);
      return field === undefined ? UNMERGED : createBuiltInSchema(field.type, field.keys);
    },
    items: () => (type === "" ? UNMERGED : createBuiltInSchema(type, undefined)),
  };
}

/** Whether a kind lives in namespaces, by kind and then by API version. */
const scopes = new Map<string, Map<string, boolean>>();

function readScopes(lines: string, isNamespaced: boolean): void {
  for (const line of lines.trim().split("\n")) {
    const [apiVersion = "", ...kinds] = line.split(" ");
    for (const kind of kinds) {
      const known = scopes.get(kind) ?? new Map<string, boolean>();
      scopes.set(kind, known.set(apiVersion, isNamespaced));
    }
  }
}

readScopes(CLUSTER_SCOPED, false);
readScopes(NAMESPACED, true);

/** The schemas of Kubernetes v1.21.2, which Kustomize has built in. */
export const builtInOpenApi: OpenApi = {
  schemaFor: (apiVersion, kind) => {
    table ??= readMergeTypes();
    const type = table.kinds.get(`${apiVersion} ${kind}`);
    return type === undefined ? undefined : createBuiltInSchema(type, undefined);
  },
  isClusterScoped: (apiVersion, kind) => scopes.get(kind)?.get(apiVersion) === false,
};

/** A JSON object of unknown content. */
type Json = Readonly<Record<string, unknown>>;

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function own(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/**
 * Schemas from an OpenAPI v2 document, the value of `openapi.path`; they replace the built-in ones.
 * Only when the build has asked for a built-in one before are those there as well, as they are in
 * the real one, which keeps all in one place (kyaml/openapi `initSchema`).
 */
export function createCustomOpenApi(document: unknown): OpenApi {
  const definitions = asObject(own(asObject(document), "definitions"));
  const { builtIn } = state;
  const kinds = new Map<string, Json>();
  for (const definition of Object.values(definitions).map(asObject)) {
    for (const gvk of asList(own(definition, "x-kubernetes-group-version-kind"))) {
      kinds.set(typeKey(gvk), definition);
    }
  }
  const ownScopes = readOwnScopes(asObject(own(asObject(document), "paths")));
  return {
    schemaFor: (apiVersion, kind) => {
      const definition = kinds.get(`${apiVersion} ${kind}`);
      const known = builtIn === "unused" ? undefined : builtInOpenApi.schemaFor(apiVersion, kind);
      if (definition === undefined || (builtIn === "delayed" && known !== undefined)) return known;
      return createCustomSchema(definition, { definitions, builtIn });
    },
    isClusterScoped: (apiVersion, kind) =>
      builtInOpenApi.isClusterScoped(apiVersion, kind) ||
      ownScopes.get(`${apiVersion} ${kind}`) === false,
  };
}

function typeKey(gvk: unknown): string {
  const object = asObject(gvk);
  const group = asText(own(object, "group"));
  const version = asText(own(object, "version"));
  return `${group === "" ? version : `${group}/${version}`} ${asText(own(object, "kind"))}`;
}

/** Whether a kind is namespaced: one of its paths has a namespace in it. */
function readOwnScopes(paths: Json): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const [path, operations] of Object.entries(paths)) {
    const gvk = own(asObject(own(asObject(operations), "get")), "x-kubernetes-group-version-kind");
    if (gvk === undefined) continue;
    const key = typeKey(gvk);
    found.set(key, path.includes("namespaces/{namespace}") || found.get(key) === true);
  }
  return found;
}

interface Definitions {
  readonly definitions: Json;
  readonly builtIn: State["builtIn"];
}

/** Follows `$ref` to a schema, which may be a built-in one. */
function resolveReference(schema: Json, known: Definitions): FieldSchema | undefined {
  let found = schema;
  for (let step = 0; step < 100; step++) {
    const reference = asText(own(found, "$ref"));
    if (reference === "") return createCustomSchema(found, known);
    const name = reference
      .replace("#/definitions/", "")
      .replaceAll("~1", "/")
      .replaceAll("~0", "~");
    const target = own(known.definitions, name);
    const type = known.builtIn === "unused" ? undefined : findBuiltInType(name);
    const isBuiltIn = target === undefined || known.builtIn === "delayed";
    if (type !== undefined && isBuiltIn) return createBuiltInSchema(type, undefined);
    if (target === undefined) return undefined;
    found = asObject(target);
  }
  return undefined;
}

/** The name in our table of a definition such as `io.k8s.api.core.v1.PodSpec`. */
function findBuiltInType(name: string): string | undefined {
  table ??= readMergeTypes();
  const short = name
    .replace(/^io\.k8s\.(?:api|apimachinery\.pkg\.apis|[a-z-]+\.pkg\.apis)\./, "")
    .replace(/^(?:core|meta)\.v1\./, "");
  return table.types.has(short) ? short : undefined;
}

function createCustomSchema(schema: Json, known: Definitions): FieldSchema {
  const strategy = asText(own(schema, "x-kubernetes-patch-strategy"));
  const listKeys = asList(own(schema, "x-kubernetes-list-map-keys")).map(asText);
  const mergeKey = asText(own(schema, "x-kubernetes-patch-merge-key"));
  const child = (value: unknown) =>
    value === undefined ? undefined : resolveReference(asObject(value), known);
  return {
    merges: strategy.split(",").includes("merge"),
    hasStrategy: strategy !== "",
    keys: strategy === "" ? [] : listKeys.length > 0 ? listKeys : mergeKey === "" ? [] : [mergeKey],
    field: (name) => {
      const property = own(asObject(own(schema, "properties")), name);
      const others = own(schema, "additionalProperties");
      return child(property ?? (typeof others === "object" ? (others ?? undefined) : undefined));
    },
    items: () =>
      asText(own(schema, "type")) === "array" ? child(own(schema, "items")) : undefined,
  };
}

/** Refuses a version that is not built in. */
export function requireBuiltInVersion(version: string, file: string): void {
  if (version === "" || version === VERSION) return;
  throw new BuildError("INVALID_OPENAPI", "the specified OpenAPI version is not built in", {
    file,
    field: "openapi.version",
  });
}

interface State {
  readonly openApi: OpenApi;
  /** Whether the build has needed a built-in schema, or would have, had it not been put off. */
  readonly builtIn: "delayed" | "loaded" | "unused";
}

let state: State = { openApi: builtInOpenApi, builtIn: "unused" };

/** The schema of a kind in the build that runs. */
export function schemaFor(apiVersion: string, kind: string): FieldSchema | undefined {
  if (state.openApi === builtInOpenApi) state = { ...state, builtIn: "loaded" };
  return state.openApi.schemaFor(apiVersion, kind);
}

/**
 * Runs a build with its own schemas. The real one keeps them in a global as well; a build is
 * synchronous, so no other can see them.
 */
export function withOpenApi<Result>(openApi: OpenApi, run: () => Result): Result {
  const before = state;
  state = { openApi, builtIn: "unused" };
  try {
    return run();
  } finally {
    state = before;
  }
}

/** Sets the schemas for the rest of the build that runs (a base may bring its own). */
export function setOpenApi(openApi: OpenApi): void {
  state = { ...state, openApi };
}

/** Whether a kind is known to live outside of namespaces. */
export function isClusterScoped(apiVersion: string, kind: string): boolean {
  if (state.openApi !== builtInOpenApi) return state.openApi.isClusterScoped(apiVersion, kind);
  const isNamespaced = scopes.get(kind)?.get(apiVersion);
  if (isNamespaced === undefined && state.builtIn === "unused") {
    state = { ...state, builtIn: "delayed" };
  }
  return isNamespaced === false;
}
