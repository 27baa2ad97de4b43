import { expect, test } from "bun:test";
import { existsSync, mkdirSync, rmSync } from "node:fs";
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
