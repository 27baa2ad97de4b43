import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LINT_CODES } from "../lint/index.ts";
import { runLint } from "./lint-command.ts";

const VIRTUAL_SERVICE = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: app, namespace: shop }
spec: { hosts: [app], http: [{ route: [{ destination: { host: app } }] }] }
`;
const SERVICE = `---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: shop }
spec: { selector: { app: app }, ports: [{ port: 80 }] }
`;
const FIELD = "spec.http[0].route[0].destination.host";

const folder = mkdtempSync(join(tmpdir(), "hookline-lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(text: string, ...words: string[]) {
  const file = join(folder, "mesh.yaml");
  writeFileSync(file, text);
  return runLint(["-f", file, ...words]);
}

test("the README's lint prints what it shows", async () => {
  const root = join(import.meta.dir, "../../../..");
  const readme = await Bun.file(join(root, "packages/mesh/README.md")).text();
  const [, command = "", shown] =
    /```sh\n(bun run mesh lint.*?)\n```\n\n```text\n(.*?)```/s.exec(readme) ?? [];
  const { stdout } = Bun.spawnSync(["bash", "-c", command], { cwd: root, stderr: "ignore" });
  expect(stdout.toString()).toBe(shown ?? "the README shows no lint");
}, 120_000);

describe("runLint()", () => {
  test("says what is wrong, counts, and fails on an error", async () => {
    expect(await run(VIRTUAL_SERVICE)).toEqual({
      exitCode: 1,
      stdout: `error   IST0101 VirtualService/shop/app ${FIELD}: Referenced host not found: "app"\n1 error, 0 warnings, 0 infos\n`,
    });
  });

  test("does not fail on a warning", async () => {
    expect(await run(VIRTUAL_SERVICE + SERVICE)).toEqual({
      exitCode: 0,
      stdout:
        "warning HKL0103 Service/shop/app spec.selector: The Service selects no workload\n0 errors, 1 warning, 0 infos\n",
    });
  });

  test("gives JSON", async () => {
    const { stdout } = await run(VIRTUAL_SERVICE, "--json");
    expect(JSON.parse(stdout)).toEqual([
      {
        code: "IST0101",
        level: "error",
        resource: "VirtualService/shop/app",
        field: FIELD,
        message: 'Referenced host not found: "app"',
      },
    ]);
  });

  test("finds nothing in production", async () => {
    expect(await runLint(["--overlay", "production"])).toEqual({
      exitCode: 0,
      stdout: "0 errors, 0 warnings, 0 infos\n",
    });
  }, 120_000);

  test("lists its codes", async () => {
    const { stdout } = await runLint(["--codes"]);
    expect(stdout.split("\n").filter((line) => line !== "")).toHaveLength(
      Object.keys(LINT_CODES).length,
    );
    expect(stdout).toStartWith("IST0101 error   A gateway, host or subset that is not there\n");
  });

  test("lists its codes as JSON", async () => {
    const { stdout } = await runLint(["--codes", "--json"]);
    const codes = JSON.parse(stdout);
    expect(codes).toHaveLength(Object.keys(LINT_CODES).length);
    expect(codes[0]).toEqual({
      code: "IST0101",
      level: "error",
      meaning: "A gateway, host or subset that is not there",
    });
  });

  test("refuses a wrong option", () => {
    expect(runLint(["--what"])).rejects.toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
