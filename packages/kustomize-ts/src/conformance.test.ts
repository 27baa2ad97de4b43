import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { type BuildOptions, build, KUSTOMIZE_VERSION } from "./build.ts";
import { BuildError } from "./errors.ts";
import { createMemoryFileSystem } from "./file-system.ts";
import { mergeStrategic } from "./patch/strategic-merge.ts";
import { readResources } from "./read-resources.ts";
import { createResourceMap } from "./resource-map.ts";
import { runPlugin } from "./run-plugin.ts";
import { emitDocument } from "./yaml/emit.ts";
import { emitNode } from "./yaml/emit-node.ts";
import { parseDocument } from "./yaml/parser.ts";

// The cases of Kustomize's own tests, beside the repository; see the README there.
const CASES = resolve(import.meta.dir, "../../../../shared/reference/kustomize-cases");
const isAbsent = !existsSync(CASES);
if (isAbsent) console.warn(`conformance: skipped, there are no cases at ${CASES}`);

/** Cases that want programs of others; that they are refused is what is checked. */
const REFUSED: ReadonlySet<string> = new Set(["TestChartInflatorPlugin"]);

/**
 * Cases that the sample has not quite as the real test has them, and what the real one does, as it was
 * settled by running it.
 */
const SAMPLE = {
  // The sample has the texts of all branches of the test; this one is said.
  says: new Map([["TestPatchStrategicMergeTransformerMissingFile", "'/patch.yaml' doesn't exist"]]),
  // The real test fails when there is an error; the resources come out as they went in.
  unchanged: new Set([
    "TestPatchTransformerPatchEmpty",
    "TestPatchTransformerPatchEmptyOnlyComments",
  ]),
  // The real test names all patches of the folder, the sample only the first.
  paths: new Set(["TestMultiplePatches", "TestMultipleNamespaces"]),
} as const;

const File = z.union([z.string(), z.strictObject({ b64: z.string() })]);
const Case = z.object({
  suite: z.string(),
  test: z.string(),
  sub: z.string().optional(),
  files: z.record(z.string(), File).default({}),
  needs: z.array(z.string()),
  errorContains: z.array(z.string()).default([]),
  wantErr: z.boolean().default(false),
  expected: z.string().default(""),
});
const Build = Case.extend({
  root: z.string(),
  options: z.object({
    AddManagedbyLabel: z.boolean().default(false),
    LoadRestrictions: z.object({ enum: z.string() }).default({ enum: "" }),
    Reorder: z.object({ enum: z.string() }).default({ enum: "" }),
  }),
});
const Transformer = Case.extend({
  config: z.string(),
  input: z.string().default(""),
  loaderRoot: z.string().default("/"),
});
const Merge = Case.extend({
  raw: z.object({
    source: z.string(),
    dest: z.string(),
    expected: z.string(),
    infer: z.boolean().default(false),
    mergeOptions: z
      .object({ ListIncreaseDirection: z.object({ why: z.string() }) })
      .default({ ListIncreaseDirection: { why: "" } }),
  }),
});

function readCases<Schema extends z.ZodType>(name: string, schema: Schema): z.infer<Schema>[] {
  if (isAbsent) return [];
  return z.array(schema).parse(JSON.parse(readFileSync(resolve(CASES, name), "utf8")));
}

function createFiles(files: Record<string, z.infer<typeof File>>) {
  const decode = (file: z.infer<typeof File>) =>
    typeof file === "string" ? file : new Uint8Array(Buffer.from(file.b64, "base64"));
  return createMemoryFileSystem(
    new Map(Object.entries(files).map(([path, file]) => [path, decode(file)])),
  );
}

/** Names a case so that it can be found. */
function label({ suite, test: name, sub }: z.infer<typeof Case>): string {
  return [suite, name, sub].filter((part) => part !== undefined).join(" ");
}

function select<Found extends z.infer<typeof Case>>(cases: Found[]): [string, Found][] {
  return cases.filter(({ needs }) => needs.length === 0).map((found) => [label(found), found]);
}

/** Checks the output of a case, or its error. */
function check(wanted: z.infer<typeof Case>, run: () => string): void {
  if (REFUSED.has(wanted.test)) {
    expect(run).toThrow("external plugins disabled; unable to load external plugin");
    return;
  }
  if (!wanted.wantErr) {
    const expected = wanted.expected.replace(/^\n/, "").replace("(test)", KUSTOMIZE_VERSION);
    expect(run()).toBe(expected);
    return;
  }
  expect(run).toThrow(BuildError);
  const said = SAMPLE.says.get(wanted.test);
  for (const part of said === undefined ? wanted.errorContains : [said]) {
    expect(run).toThrow(part);
  }
}

/** A case that is to leave its resources as they are is checked for that. */
function completeOutcome(wanted: z.infer<typeof Transformer>): z.infer<typeof Transformer> {
  if (!SAMPLE.unchanged.has(wanted.test)) return wanted;
  return { ...wanted, wantErr: false, expected: printInput(wanted.input) };
}

function printInput(input: string): string {
  return readResources(input, "input.yaml")
    .map(({ node }) => emitDocument(node))
    .join("---\n");
}

/** The configuration with all patches of its folder. */
function completeConfig({
  config,
  files,
  loaderRoot,
  test: name,
}: z.infer<typeof Transformer>): string {
  if (!SAMPLE.paths.has(name)) return config;
  const others = Object.keys(files)
    .filter((path) => path.startsWith(`${loaderRoot}/`) && !path.endsWith("/patch0.yaml"))
    .map((path) => `\n- .${path.slice(loaderRoot.length)}`);
  return config + others.join("");
}

function readOptions({ options }: z.infer<typeof Build>): BuildOptions {
  const order = options.Reorder.enum;
  return {
    reorder: order.endsWith("Legacy")
      ? "legacy"
      : order.endsWith("Unspecified")
        ? "unspecified"
        : "none",
    loadRestrictor: options.LoadRestrictions.enum.endsWith("None") ? "none" : "root-only",
    managedByLabel: options.AddManagedbyLabel,
  };
}

test.each(select(readCases("builds.json", Build)))("build() %s", (_, wanted) => {
  const fs = createFiles(wanted.files);
  check(wanted, () => build(wanted.root, { fs, ...readOptions(wanted) }).text);
});

test.each(select(readCases("transformers.json", Transformer)))("runPlugin() %s", (_, wanted) => {
  const fs = createFiles({ ...wanted.files, [`${wanted.loaderRoot}/.keep`]: "" });
  check(completeOutcome(wanted), () => {
    const map = createResourceMap(readResources(wanted.input, "input.yaml"));
    // Some of the real tests look at the notes of a build, most take them off first.
    const keepNotes = wanted.expected.includes("internal.config.kubernetes.io/");
    return runPlugin(completeConfig(wanted), map, { fs, root: wanted.loaderRoot, keepNotes })
      .map(({ node }) => emitDocument(node))
      .join("---\n");
  });
});

/** A document with the fields of both in one order, since the real test sorts before it compares. */
function normalise(text: string): string {
  const root = parseDocument(text, { file: "" })?.root;
  return root === undefined ? "" : emitDocument(root);
}

test.each(select(readCases("merges.json", Merge)))("mergeStrategic() %s", (_, { raw }) => {
  const dest = parseDocument(raw.dest, { file: "", comments: [] })?.root;
  const source = parseDocument(raw.source, { file: "", comments: [] })?.root;
  if (dest === undefined || source === undefined) throw new TypeError("a case without documents");
  const prepend = raw.mergeOptions.ListIncreaseDirection.why.endsWith("Prepend");
  const merged = mergeStrategic(dest, source, { infer: raw.infer, prepend });
  const text = merged === undefined ? "" : emitNode(merged);
  expect(normalise(text)).toBe(normalise(raw.expected));
  expect(sortLines(text)).toEqual(sortLines(raw.expected));
});

/** The styles of keys and values count, the order of the fields does not. */
function sortLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^- /, ""))
    .filter((line) => line !== "")
    .sort();
}
