// Needs git.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Clone, createClone, isCheckout } from "./testing/clone.ts";

if (!isCheckout) console.warn("readme: skipped, this is no checkout of Git");

let clone: Clone;
beforeAll(() => {
  if (isCheckout) clone = createClone();
}, 120_000);
afterAll(() => {
  if (isCheckout) clone.remove();
}, 120_000);

test.skipIf(!isCheckout)(
  "README shows what the commands print where nothing was released yet",
  () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const [, block = ""] = /```console\n(.*?)```/s.exec(readme) ?? [];
    const printed = block
      .split(/^\$ bun run /m)
      .slice(1)
      .map((part) => {
        const [command = ""] = part.split("\n");
        const words = ["apps/delivery/src/cli.ts", ...command.split(" ")];
        return `${command}\n${execFileSync(process.execPath, words, { cwd: clone.root, encoding: "utf8" })}`;
      });
    expect(printed.join("$ bun run ")).toBe(block.replace(/^\$ bun run /, ""));
  },
  120_000,
);
