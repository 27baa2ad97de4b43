import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createMemoryFileSystem } from "@hookline/kustomize-ts";
import { z } from "zod";
import { checkTree } from "./checks/check-tree.ts";
import { renderResources, TREE } from "./render.ts";
import { setWeights } from "./set-weights.ts";
import { copyRepository } from "./throw-away.ts";
import { readTreeFiles } from "./tree-files.ts";

const readme = await Bun.file(join(TREE, "README.md")).text();
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)];

describe("the README", () => {
  // A copy with the weights that it shows: a promotion changes those of the tree.
  const copy = copyRepository({ git: false });
  beforeAll(() => {
    setWeights(copy.root, [90, 10]);
    expect(copy.run(["bun", "run", "--silent", "render"]).code).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(copy.root, { recursive: true }), 20_000);

  test("has no command without its output", () => {
    expect(commands.length).toBe(readme.split("```sh").length - 1);
  });

  test.each(commands.map(([, command, output]) => [command?.trim() ?? "", output ?? ""]))(
    "%s",
    (command, output) => {
      expect(copy.run(["sh", "-c", command], { LC_ALL: "C" }).output).toBe(output);
    },
    120_000,
  );

  test("an environment is added as it says, and keeps all promises", () => {
    const files = readTreeFiles();
    const production = files.get("overlays/production/kustomization.yaml") ?? "";
    const added = production.replace("namespace: hookline", "namespace: hookline-staging");
    files.set("overlays/staging/kustomization.yaml", added);
    const rendered = renderResources("/overlays/staging", createMemoryFileSystem(files));
    expect(checkTree(rendered)).toEqual([]);
  }, 120_000);

  test("every script of the repository that it names is there", async () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(await Bun.file(join(TREE, "..", "package.json")).json());
    const named = [...readme.matchAll(/`bun run ([\w:-]+)/g)].map(([, name]) => name ?? "");
    expect(named).toContain("render");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
