import { expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRunFolder } from "./run-folder.ts";

test("createRunFolder() removes what a run left that is gone, and nothing of one that is not", async () => {
  const child = Bun.spawn(["true"]);
  await child.exited;
  const gone = join(tmpdir(), `hookline-up-${child.pid}-gone`);
  const alive = join(tmpdir(), `hookline-up-${process.pid}-alive`);
  for (const folder of [gone, alive]) mkdirSync(folder);
  const made = createRunFolder();
  expect([gone, alive, made].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  for (const folder of [alive, made]) rmSync(folder, { recursive: true });
});

test("createRunFolder() passes over what it may not remove", async () => {
  const child = Bun.spawn(["true"]);
  await child.exited;
  const parent = mkdtempSync(join(tmpdir(), "run-folder-"));
  mkdirSync(join(parent, `hookline-up-${child.pid}-others`));
  const refuse = () => {
    throw new Error("EACCES");
  };
  expect(existsSync(createRunFolder({ parent, remove: refuse }))).toBe(true);
  rmSync(parent, { recursive: true });
});

test("createRunFolder() says in a sentence where it cannot write", () => {
  expect(() => createRunFolder({ parent: "/nowhere" })).toThrow(
    /^Cannot write the pods' files to "\/nowhere": ENOENT.*set TMPDIR to another folder$/,
  );
});
