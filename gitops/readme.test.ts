import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { copyTree } from "./copy-tree.ts";
import { diffOverlays, renderChanges } from "./diff.ts";
import { goldenPath } from "./golden.ts";
import { hasRenderer, parseResources, renderText, TREE } from "./render.ts";

const readme = await Bun.file(join(TREE, "README.md")).text();
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)];

describe("the README", () => {
  test("has no command without its output", () => {
    expect(commands.length).toBe(readme.split("```sh").length - 1);
  });

  test.each(commands.map(([, command, output]) => [command?.trim() ?? "", output ?? ""]))(
    "%s",
    async (command, output) => {
      const child = Bun.spawn(["sh", "-c", command], {
        cwd: join(TREE, ".."),
        env: { ...process.env, LC_ALL: "C" },
        stdout: "pipe",
      });
      expect(await new Response(child.stdout).text()).toBe(output);
    },
    20_000,
  );

  const copy = copyTree();
  afterAll(copy.remove);
  const absent = !hasRenderer();
  if (absent)
    console.warn("gitops/readme.test.ts: kubectl is not installed, the weight is not changed");

  test.skipIf(absent)(
    "a changed weight is shown as it says",
    async () => {
      const path = join(copy.path, "components/canary/routes-patch.yaml");
      const text = await Bun.file(path).text();
      await Bun.write(
        path,
        text.replace("weight: 90", "weight: 75").replace("weight: 10", "weight: 25"),
      );
      const before = parseResources(await Bun.file(goldenPath("canary")).text());
      const after = parseResources(await renderText(join(copy.path, "overlays/canary")));
      expect(readme).toContain(
        `\`\`\`text\n${renderChanges("canary", diffOverlays(before, after))}\`\`\``,
      );
    },
    60_000,
  );
});
