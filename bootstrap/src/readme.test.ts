import { expect, test } from "bun:test";
import { join } from "node:path";
import { USAGE } from "./options.ts";

const ROOT = join(import.meta.dir, "..", "..");
const README = await Bun.file(join(ROOT, "bootstrap", "README.md")).text();

const examples = [...README.matchAll(/```sh\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)];

test.each(examples.map(([, command = "", output = ""]) => [command.trim(), output]))(
  "the README's `%s` prints what it says",
  async (command, output) => {
    const child = Bun.spawn(["sh", "-c", `${command} 2>&1`], { cwd: ROOT, stdout: "pipe" });
    expect(await new Response(child.stdout).text()).toBe(output);
  },
  120_000,
);

test("there are examples, and every command of the program is in the README", () => {
  expect(examples.length).toBeGreaterThan(0);
  const commands = [...USAGE.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
  for (const name of commands) expect(README).toContain(`| \`${name}\``);
});
