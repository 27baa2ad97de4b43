import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "hookline-mesh-"));
afterAll(() => rmSync(folder, { recursive: true }));
await Bun.write(join(folder, "bad.yaml"), "kind: [");
await Bun.write(join(folder, "values.yaml"), "replicas: 2");
await Bun.write(join(folder, "empty/notes.txt"), "kind: Service");
const KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization";
await Bun.write(join(folder, "kustomized/kustomization.yaml"), KUSTOMIZATION);
const zoo = join(import.meta.dir, "testing/zoo.yaml");
const golden = join(import.meta.dir, "../../../gitops/golden/production.yaml");

function run(...words: readonly string[]) {
  const command = [process.execPath, join(import.meta.dir, "cli.ts"), ...words];
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { cwd: folder });
  return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode };
}

describe("mesh explain", () => {
  test("tells a redirect, an answer and a rewrite from a file", () => {
    expect(run("explain", "-f", zoo, "--host", "a.test", "--path", "/d").stdout).toEndWith(
      "100 %  redirect with 308 to http://other.test/e\n",
    );
    const direct = run("explain", "--file", zoo, "--host", "a.test", "--path", "/f").stdout;
    expect(direct).toContain('100 %  answer 418 "teapot"\n       the answer gains x-one: ours\n');
    const rewritten = run("explain", "-f", zoo, "--host", "a.test", "--path", "/x/../b/c?q").stdout;
    expect(rewritten).toContain("  the path /x/../b/c?q is taken for /b/c?q\n");
    expect(rewritten).toContain("       the path becomes /c/c?q\n");
  }, 120_000);

  test("tells what a workload's request meets", () => {
    const { stdout } = run("explain", "-f", golden, "--from", "app-v1", "--host", "model-service");
    expect(stdout).toContain("✓ hookline/model-service live\n    takes every request\n");
    expect(stdout).toContain(
      "mirrors 100 % to model-service.hookline.svc.cluster.local:80 subset v2",
    );
  }, 120_000);

  test("prints JSON", () => {
    const words = ["explain", "-f", zoo, "--host", "tls.test", "--json"];
    expect(JSON.parse(run(...words).stdout)).toMatchObject({
      source: { kind: "gateway", namespace: "zoo", port: 80 },
      outcomes: [{ percent: 100, decision: { kind: "redirect", location: "https://tls.test/" } }],
    });
  }, 120_000);

  test.each([
    [["explain"], "Cannot read manifests: expected --overlay or -f"],
    [["explain", "--overlay", "none-of-ours"], 'Cannot find the overlay "none-of-ours"'],
    [["explain", "-f", "nowhere.yaml"], "Cannot read nowhere.yaml"],
    [["explain", "-f", "bad.yaml"], "Cannot read bad.yaml"],
    [
      ["lint", "-f", "empty"],
      "Cannot find a manifest in empty; a folder with a kustomization is given",
    ],
    [["lint", "-f", "values.yaml", "-f", "empty"], "Cannot find a manifest in values.yaml, empty;"],
    [["explain", "-f", "kustomized"], "Cannot find a manifest in kustomized;"],
    [
      ["explain", "-f", zoo, "-H", "no header"],
      'Cannot explain: "no header" is no header, expected "name: value"',
    ],
    [["explain", "-f", zoo, "--port", "x"], '"x" is no port'],
    [["explain", "-f", zoo, "--port", "81"], "Cannot explain: no Gateway has a server at port 81"],
    [["explain", "-f", zoo, "--scheme", "ftp"], '"ftp" is no scheme'],
    [
      ["explain", "-f", golden, "--from", "nobody"],
      'Cannot explain: no workload is called "nobody"; there are app-v1',
    ],
    [
      ["explain", "-f", golden, "--from", "app-v1"],
      "Cannot explain: expected --host, the Service that is called; there are app, mailpit, model-service, ",
    ],
    [["explain", "-f", zoo, "--path", "predict"], '"predict" is no path, it must begin with /'],
    [["explain", "--wrong"], "--wrong"],
    [["wrong"], 'Cannot run "wrong": there is no such command'],
  ])(
    "%j fails",
    (words, message) => {
      const { stdout, stderr, exitCode } = run(...words);
      expect([stdout, exitCode]).toEqual(["", 2]);
      expect(stderr).toStartWith("Error: ");
      expect(stderr).toContain(message);
      expect(stderr).not.toContain("    at ");
    },
    120_000,
  );

  test.each(["explain", "lint"])(
    "%s of an overlay that does not render is no wrong call",
    (command) => {
      const { stderr, exitCode } = run(command, "--overlay", "kustomized", "--json");
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: "NOT_RENDERED" } });
      expect(exitCode).toBe(1);
    },
    120_000,
  );

  test("names the overlays that there are", () => {
    const cwd = join(folder, "project/packages");
    for (const made of ["packages", "gitops/overlays/green", "gitops/overlays/blue"])
      mkdirSync(join(folder, "project", made), { recursive: true });
    const command = [process.execPath, join(import.meta.dir, "cli.ts"), "explain", "--overlay"];
    const { stderr } = Bun.spawnSync([...command, "red"], { cwd });
    expect(stderr.toString()).toContain('Cannot find the overlay "red"; there are blue, green\n');
  }, 120_000);

  test("tells an error as JSON", () => {
    const { stderr } = run("explain", "--overlay", "none-of-ours", "--json");
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "USAGE" } });
  }, 120_000);

  test.each([[["--help"]], [["explain", "--help"]]])(
    "%j shows its use",
    (words) => {
      const { stdout, exitCode } = run(...words);
      expect(stdout).toStartWith("Usage: mesh ");
      expect(exitCode).toBe(0);
    },
    120_000,
  );
});

test("mesh appends to the files that its streams are", () => {
  const script = 'echo before > out.txt; echo before > err.txt; "$0" "$@" >> out.txt 2>> err.txt';
  const append = (...words: readonly string[]): string[] => {
    const command = [
      "sh",
      "-c",
      script,
      process.execPath,
      join(import.meta.dir, "cli.ts"),
      ...words,
    ];
    Bun.spawnSync(command, { cwd: folder });
    return ["out.txt", "err.txt"].map((file) => readFileSync(join(folder, file), "utf8"));
  };
  // Longer than what Bun writes in one go.
  const long = ["explain", "-f", golden, "--path", "/", "--json"];
  expect(append(...long)).toEqual([`before\n${run(...long).stdout}`, "before\n"]);
  expect(append("none")).toEqual(["before\n", `before\n${run("none").stderr}`]);
}, 120_000);
