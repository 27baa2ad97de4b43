import { describe, expect, test } from "bun:test";
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createMemoryFileSystem } from "@hookline/kustomize-ts";
import { z } from "zod";
import { checkTree } from "./checks/check-tree.ts";
import { readTree } from "./checks/tree.ts";
import { diffOverlays, renderChanges } from "./diff.ts";
import { goldenPath } from "./golden.ts";
import { listOverlays, parseResources, renderResources, TREE } from "./render.ts";
import { readTreeFiles } from "./tree-files.ts";

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

  test("a changed weight is shown as it says", async () => {
    const files = readTreeFiles();
    const path = "components/canary/routes-patch.yaml";
    const text = files.get(path) ?? "";
    files.set(path, text.replace("weight: 90", "weight: 75").replace("weight: 10", "weight: 25"));
    const before = parseResources(await Bun.file(goldenPath("canary")).text());
    const after = renderResources("/overlays/canary", createMemoryFileSystem(files));
    const shown = renderChanges("canary", diffOverlays(before, after));
    expect(readme).toContain(`\`\`\`text\n${shown}\`\`\``);
  }, 20_000);

  test("an environment is added as it says, and keeps all promises", () => {
    const files = readTreeFiles();
    const production = files.get("overlays/production/kustomization.yaml") ?? "";
    const added = production.replace("namespace: hookline", "namespace: hookline-staging");
    files.set("overlays/staging/kustomization.yaml", added);
    const rendered = renderResources("/overlays/staging", createMemoryFileSystem(files));
    expect(checkTree(rendered)).toEqual([]);
  }, 20_000);

  test("every port-forward reaches a Service that is there, at a port that it has", () => {
    const forwards = [
      ...readme.matchAll(/(?:kubectl -n ([\w-]+) port-forward )?svc\/([\w-]+) (?:\d+:)?(\d+)/g),
    ].map(([, namespace = "istio-system", name, port]) => `${namespace}/${name}:${port}`);
    const services = ["overlays/production", "platform/istio-addons"].flatMap(
      (folder) => readTree(renderResources(join(TREE, folder))).services,
    );
    const served = services.flatMap(({ metadata, spec }) =>
      spec.ports.map(({ port }) => `${metadata.namespace}/${metadata.name}:${port}`),
    );
    expect(forwards.filter((one) => !served.includes(one))).toEqual([]);
    // Each that the text has: one that is written in another way would not be looked at.
    expect(forwards.length).toBe(readme.split(/svc\//).length - 1);
  });

  test("every script of the repository that it names is there", async () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(await Bun.file(join(TREE, "..", "package.json")).json());
    const named = [...readme.matchAll(/`bun run ([\w:-]+)/g)].map(([, name]) => name ?? "");
    expect(named).toContain("render");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test.each([[["--help"]], [["diff", "--help"]], [["seal", "--help"]]])(
    "cli.ts %j tells of the commands",
    async (words) => {
      const child = Bun.spawn(["bun", "cli.ts", ...words], { cwd: TREE, stdout: "pipe" });
      expect(await new Response(child.stdout).text()).toStartWith("Usage: ");
      expect(await child.exited).toBe(0);
    },
    20_000,
  );

  const bare = !existsSync(join(TREE, "..", ".git"));
  if (bare)
    console.warn(
      "gitops/readme.test.ts: this is no Git repository, nothing is compared with a commit",
    );

  test.skipIf(bare)(
    "bun run diff names every overlay",
    async () => {
      const child = Bun.spawn(["bun", "cli.ts", "diff", "HEAD"], { cwd: TREE, stdout: "pipe" });
      const output = await new Response(child.stdout).text();
      expect(await child.exited).toBe(0);
      for (const overlay of listOverlays()) expect(output).toMatch(new RegExp(`^${overlay}:`, "m"));
    },
    20_000,
  );

  test("bun run diff shows an application that changes and an overlay that goes", async () => {
    const copy = mkdtempSync(join(tmpdir(), "hookline-diff-"));
    try {
      cpSync(TREE, copy, {
        recursive: true,
        filter: (path) => !relative(TREE, path).startsWith("node_modules"),
      });
      symlinkSync(join(TREE, "node_modules"), join(copy, "node_modules"));
      const git = (...words: string[]) =>
        Bun.spawnSync(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", ...words], {
          cwd: copy,
        });
      git("init", "--quiet");
      git("add", "--all", ":!node_modules");
      git("commit", "--quiet", "--message", "before");
      rmSync(join(copy, "overlays", "canary"), { recursive: true });
      rmSync(join(copy, "golden", "canary.yaml"));
      rmSync(join(copy, "applications", "application-istiod.yaml"));
      const child = Bun.spawn(["bun", "cli.ts", "diff", "HEAD"], { cwd: copy, stdout: "pipe" });
      const output = await new Response(child.stdout).text();
      expect(output).toStartWith("applications:\n  - Application argocd/istiod\n");
      expect(output).toContain("\nshadow: nothing changes\n");
      const gone = output.slice(output.indexOf("\ncanary:\n"));
      expect(gone).toContain("  - VirtualService hookline-canary/app\n");
      // Last of all, because it takes everything in it along.
      expect(gone.trimEnd()).toEndWith("  - Namespace hookline-canary");
    } finally {
      rmSync(copy, { recursive: true });
    }
  }, 20_000);
});
