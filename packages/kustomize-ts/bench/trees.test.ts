import { expect, test } from "bun:test";
import { join } from "node:path";
import { build } from "../src/build.ts";
import { createMemoryFileSystem } from "../src/file-system.ts";
import { createFleet, createOverlay } from "./trees.ts";

test.each([
  ["the overlay", createOverlay(), 12],
  ["the fleet", createFleet(30), 30],
])("%s has as many resources as it is named for", (_, { files, root }, count) => {
  const { resources } = build(`/${root}`, { fs: createMemoryFileSystem(files) });
  expect(resources.length).toBe(count);
  expect(
    resources.every(({ name, namespace }) => /^prod-/.test(name) && namespace === "prod"),
  ).toBe(true);
});

test("the bench tells what it does", () => {
  const command = [process.execPath, join(import.meta.dir, "kubectl.ts"), "--help"];
  expect(Bun.spawnSync(command).stdout.toString()).toStartWith("Usage: bun packages/kustomize-ts");
}, 120_000);
