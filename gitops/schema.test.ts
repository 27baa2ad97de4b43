import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Resource } from "./checks/kinds.ts";
import { goldenPath } from "./golden.ts";
import { listOverlays, parseResources, renderResources, TREE } from "./render.ts";
import { findModel, renderTypeCheck } from "./schema.ts";

const LONG = 120_000;
const require = createRequire(import.meta.url);

function readYamlFolder(folder: string): unknown[] {
  return readdirSync(join(TREE, folder))
    .filter((file) => /^(application|appproject|servicemonitor)/.test(file))
    .map((file) => parse(readFileSync(join(TREE, folder, file), "utf8")));
}

const sets = new Map<string, unknown[]>([
  ...listOverlays().map(
    (overlay) => [overlay, parseResources(readFileSync(goldenPath(overlay), "utf8"))] as const,
  ),
  ["applications", readYamlFolder("applications")],
  ["platform/argo-cd", readYamlFolder("platform/argo-cd")],
  ["platform/istio-addons", renderResources(join(TREE, "platform", "istio-addons"))],
]);

const Model = z.custom<new (data: unknown) => { validate: () => void }>(
  (value) => typeof value === "function",
);

/** What the schema of its kind says of a resource; undefined: nothing. */
async function findFault(value: unknown): Promise<string | undefined> {
  const resource = Resource.parse(value);
  const module = z.record(z.string(), z.unknown()).parse(await import(findModel(resource)));
  const Kind = Model.parse(module[resource.kind]);
  try {
    new Kind(structuredClone(value)).validate();
    return undefined;
  } catch (error) {
    return `${resource.kind}/${resource.metadata.name}: ${error}`;
  }
}

const folder = mkdtempSync(join(tmpdir(), "hookline-schema-"));
symlinkSync(join(TREE, "node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the compiler says of a module that holds the resources to their types. */
async function compile(resources: readonly unknown[]): Promise<string> {
  await Bun.write(join(folder, "resources.ts"), renderTypeCheck(resources));
  const tsc = join(require.resolve("typescript/package.json"), "..", "bin", "tsc");
  const options = [
    "--noEmit",
    "--skipLibCheck",
    "--module",
    "preserve",
    "--target",
    "esnext",
    "--types",
    "",
  ];
  const child = Bun.spawn(["bun", tsc, ...options, "resources.ts"], {
    cwd: folder,
    stdout: "pipe",
  });
  return await new Response(child.stdout).text();
}

describe("every resource has the schema of its kind", () => {
  test.each([...sets])(
    "%s",
    async (_, resources) => {
      const faults = await Promise.all(resources.map(findFault));
      expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
    },
    LONG,
  );

  test(
    "and no field besides",
    async () => {
      expect(await compile([...sets.values()].flat())).toBe("");
    },
    LONG,
  );
});

describe("a planted fault is found", () => {
  const [deployment] =
    sets.get("production")?.filter((one) => Resource.parse(one).kind === "Deployment") ?? [];
  const [route] =
    sets.get("canary")?.filter((one) => Resource.parse(one).kind === "VirtualService") ?? [];

  test.each([
    [
      "a text for a number",
      deployment,
      ["spec", "replicas"],
      "two",
      "spec/replicas must be integer",
    ],
    ["routes that are no list", route, ["spec", "http"], {}, "spec/http must be array"],
  ])(
    "%s, by the schema",
    async (_, value, path, wrong, message) => {
      expect(await findFault(change(value, path, wrong))).toContain(message);
    },
    LONG,
  );

  test.each([
    [
      "a misspelt field of a pod",
      deployment,
      ["spec", "template", "spec", "terminationGracePeriod"],
      30,
      "terminationGracePeriod",
    ],
    ["a misspelt field of a route", route, ["spec", "gateway"], ["hookline"], "gateway"],
  ])(
    "%s, by the compiler",
    async (_, value, path, wrong, message) => {
      expect(await compile([change(value, path, wrong)])).toContain(`"${message}"' does not exist`);
    },
    LONG,
  );
});

/** A copy with one field set. */
function change(value: unknown, path: readonly string[], to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  const copy = z.record(z.string(), z.unknown()).parse(value);
  return { ...copy, [key]: change(copy[key] ?? {}, rest, to) };
}
