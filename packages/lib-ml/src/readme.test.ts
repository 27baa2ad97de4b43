import { expect, test } from "bun:test";
import { join } from "node:path";

test("the README's example prints what it says", async () => {
  const root = join(import.meta.dirname, "..");
  const readme = await Bun.file(join(root, "README.md")).text();
  const [, code = "", output] = /```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const child = Bun.spawn([process.execPath, "-e", code], { cwd: root, stdout: "pipe" });
  expect(await child.stdout.text()).toBe(output ?? "no output in the README");
}, 120_000);
