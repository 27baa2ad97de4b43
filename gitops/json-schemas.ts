import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UPSTREAM } from "./charts.ts";
import type { Resource } from "./checks/kinds.ts";

/** Whether .ci/read-upstream has been here. */
export const HAS_SCHEMAS = existsSync(UPSTREAM);

const Schema = z.record(z.string(), z.unknown());
type Schema = z.infer<typeof Schema>;
type Kind = Pick<Resource, "apiVersion" | "kind">;

/** What OpenAPI 3.0 has in common with this, and later drafts have not: a flag for `exclusiveMinimum`. */
const DIALECT = "http://json-schema.org/draft-04/schema#";
const EITHER = { anyOf: [{ type: "integer" }, { type: "string" }] };
const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** A schema that lets no field pass that it does not name, unless it says that others may come. */
function close(value: unknown): unknown {
  const parsed = Schema.safeParse(value);
  if (!parsed.success) return value;
  const schema = parsed.data;
  if (schema["format"] === "int-or-string" || schema["x-kubernetes-int-or-string"] === true)
    return EITHER;
  const { nullable, type, ...rest } = schema;
  const properties = Schema.optional().parse(schema["properties"]);
  const isOpen =
    properties === undefined ||
    "additionalProperties" in schema ||
    schema["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    ...rest,
    ...(type === undefined ? {} : { type: nullable === true ? [type, "null"] : type }),
    ...(properties === undefined ? {} : { properties: closeEach(properties) }),
    ...("items" in schema ? { items: close(schema["items"]) } : {}),
    ...("additionalProperties" in schema
      ? { additionalProperties: close(schema["additionalProperties"]) }
      : {}),
    ...(isOpen ? {} : { additionalProperties: false }),
  };
}

function closeEach(schemas: Schema): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([name, one]) => [name, close(one)]));
}

/** The definitions that a schema leads to. */
function reach(schema: unknown, all: Schema, found = new Map<string, unknown>()): Schema {
  for (const [, name = ""] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (found.has(name)) continue;
    found.set(name, all[name]);
    reach(all[name], all, found);
  }
  return Object.fromEntries(found);
}

const Swagger = z.object({ definitions: z.record(z.string(), Schema) });
const Names = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() }));
const Crd = z.object({
  kind: z.literal("CustomResourceDefinition"),
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(
      z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: Schema }) }),
    ),
  }),
});

function readDefinitions(): Schema {
  const text = readFileSync(join(UPSTREAM, "kubernetes.json"), "utf8");
  const { definitions } = Swagger.parse(JSON.parse(text));
  const quantity = { type: ["string", "number"] };
  return {
    ...closeEach(definitions),
    "io.k8s.apimachinery.pkg.api.resource.Quantity": quantity,
  };
}

function readCrds(): z.infer<typeof Crd>[] {
  const folder = join(UPSTREAM, "crds");
  return (
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".yaml"))
      // Bun's own reader: these are ten megabytes.
      .flatMap((path) => Bun.YAML.parse(readFileSync(join(folder, path), "utf8")))
      .flatMap((one) => Crd.safeParse(one).data ?? [])
  );
}

const idOf = (group: string, version: string, kind: string) => `${group}/${version} ${kind}`;

/** Gives the schema of a resource's kind: Kubernetes' own, or that of its CRD. */
export function createSchemaFinder(): (resource: Kind) => Schema | undefined {
  const definitions = readDefinitions();
  const own = Object.entries(definitions).flatMap(([name, definition]) =>
    Names.default([])
      .parse(Schema.parse(definition)["x-kubernetes-group-version-kind"])
      .map((one): [string, Schema] => [
        idOf(one.group, one.version, one.kind),
        { $ref: `#/definitions/${name}` },
      ]),
  );
  const custom = readCrds().flatMap(({ spec }) =>
    spec.versions.map(({ name, schema }): [string, Schema] => [
      idOf(spec.group, name, spec.names.kind),
      addMetadata(Schema.parse(close(schema.openAPIV3Schema))),
    ]),
  );
  const schemas = new Map([...own, ...custom]);
  return ({ apiVersion, kind }) => {
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    const schema = schemas.get(idOf(group ?? "", version ?? "", kind));
    return schema && { ...schema, $schema: DIALECT, definitions: reach(schema, definitions) };
  };
}

/** A CRD need not tell of what every resource has. */
function addMetadata(schema: Schema): Schema {
  const text = { type: "string" };
  const own = { apiVersion: text, kind: text, metadata: { $ref: `#/definitions/${OBJECT_META}` } };
  return { ...schema, properties: { ...Schema.parse(schema["properties"]), ...own } };
}

/** Where kubeconform looks for a kind's schema when told `{{ .ResourceKind }}{{ .KindSuffix }}.json`. */
export function nameSchemaFile({ apiVersion, kind }: Kind): string {
  const [group = "", version] = apiVersion.split("/");
  const suffix = version === undefined ? group : `${group.replace(/\..*/, "")}-${version}`;
  return `${kind.toLowerCase()}-${suffix}.json`;
}
