import { describe, expect, test } from "bun:test";
import { TREE } from "./render.ts";

const absent = Bun.which("checkov") === null;
if (absent)
  console.warn("gitops/judges.test.ts: checkov is not installed, it does not judge the overlays");

describe.skipIf(absent)("public judges", () => {
  test("checkov finds nothing but the exceptions in .checkov.yaml", async () => {
    const child = Bun.spawn(["checkov", "--config-file", ".checkov.yaml", "-d", "golden"], {
      cwd: TREE,
      stdout: "pipe",
      stderr: "pipe",
    });
    const output = await new Response(child.stdout).text();
    expect(output).toContain("Failed checks: 0");
    expect(await child.exited).toBe(0);
  }, 300_000);
});
