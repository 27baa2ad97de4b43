import { expect, test } from "bun:test";
import { join } from "node:path";

test("the README's command prints what it says", async () => {
  const root = join(import.meta.dir, "..", "..");
  const readme = await Bun.file(join(root, "bootstrap", "README.md")).text();
  const [, command, output] = /```sh\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const child = Bun.spawn(["sh", "-c", command ?? "exit 1"], { cwd: root, stdout: "pipe" });
  expect(await new Response(child.stdout).text()).toBe(output ?? "no output in the README");
}, 20_000);
