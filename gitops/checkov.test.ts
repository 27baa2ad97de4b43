import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findJudge, readManifests } from "./judges.ts";
import { TREE } from "./render.ts";

const checkov = findJudge("checkov");
if (checkov === undefined)
  console.warn("gitops/checkov.test.ts: checkov is not installed, it does not judge the tree");
const texts = readManifests();

const folder = mkdtempSync(join(tmpdir(), "hookline-judges-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What checkov says of manifests, and how it ends. */
async function runCheckov(files: ReadonlyMap<string, string>): Promise<[number, string]> {
  const place = mkdtempSync(join(folder, "tree-"));
  for (const [name, text] of files) {
    await Bun.write(join(place, `${name.replaceAll("/", "-")}.yaml`), text);
  }
  const words = ["--config-file", ".checkov.yaml", "-d", place];
  const child = Bun.spawn([checkov ?? "checkov", ...words], {
    cwd: TREE,
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = await new Response(child.stdout).text();
  return [await child.exited, output];
}

describe.skipIf(checkov === undefined)("checkov", () => {
  test("finds nothing but the exceptions in .checkov.yaml", async () => {
    const [code, output] = await runCheckov(texts);
    expect(output).toContain("Failed checks: 0");
    expect(code).toBe(0);
  }, 300_000);

  test("finds a planted fault: a pod that may gain privileges", async () => {
    const text = (texts.get("canary") ?? "").replace(
      "allowPrivilegeEscalation: false",
      "allowPrivilegeEscalation: true",
    );
    const [code, output] = await runCheckov(new Map([["canary", text]]));
    expect(output).toContain("CKV_K8S_20");
    expect(code).toBe(1);
  }, 300_000);
});
