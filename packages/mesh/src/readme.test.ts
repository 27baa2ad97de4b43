import { expect, test } from "bun:test";
import { join } from "node:path";

// The README's command prints what the README says.

const ROOT = join(import.meta.dir, "../../..");
const text = await Bun.file(join(import.meta.dir, "../README.md")).text();
const blocks = [...text.matchAll(/```(\w+)\n(.*?)```/gs)];
const find = (language: string) => blocks.find((block) => block[1] === language)?.[2] ?? "";

test("the README's command prints what it shows", () => {
  const command = find("sh").trim();
  const { stdout } = Bun.spawnSync(["bash", "-c", command], { cwd: ROOT, stderr: "ignore" });
  expect(stdout.toString()).toBe(find("text"));
}, 120_000);

test("the README's library example, typed in this room, gives the decision that it names", () => {
  const code = find("ts");
  const { stdout, stderr } = Bun.spawnSync([process.execPath, "-e", code], {
    cwd: join(import.meta.dir, ".."),
  });
  expect(`${stderr}${stdout}`).toBe(`${/kind\); \/\/ (.*)/.exec(code)?.[1]}\n`);
}, 120_000);

test("the README is no longer than 120 lines", () => {
  expect(text.split("\n").length).toBeLessThanOrEqual(120);
});
