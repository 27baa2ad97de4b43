import { afterAll, expect, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { placeUpstream } from "./charts.ts";
import { TREE } from "./render.ts";

const SCRIPT = join(TREE, "..", ".ci", "read-upstream");
const root = mkdtempSync(join(tmpdir(), "hookline-upstream-"));
afterAll(() => rmSync(root, { recursive: true }));

const script = join(root, ".ci", "read-upstream");
const isRunnable = existsSync(SCRIPT) && Bun.which("flock") !== null;
if (!isRunnable) console.warn("gitops/read-upstream.test.ts: skipped, there is no flock here");

function write(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
}

/** A go whose one module has all that is read, or that has none. */
function setGo(hasModules: boolean): void {
  const files = [
    ...["base", "istio-cni", "istio-control/istio-discovery", "gateway"].map(
      (name) => `manifests/charts/${name}/Chart.yaml`,
    ),
    "helm/sealed-secrets/crds/one.yaml",
    "kubernetes/customresourcedefinitions.gen.yaml",
    "example/prometheus-operator-crd/one.yaml",
    "manifests/crds/one-crd.yaml",
    "api/openapi-spec/swagger.json",
  ];
  for (const file of files) write(`module/${file}`, "read");
  const answer = `printf '{\\n\\t"Dir": "${join(root, "module")}",\\n}\\n'`;
  write("bin/go", `#!/bin/sh\n${hasModules ? answer : "exit 1"}\n`, 0o755);
}

function read(...words: string[]): string {
  const { stdout } = Bun.spawnSync(["bash", script, ...words], {
    env: { ...process.env, PATH: `${join(root, "bin")}:${process.env["PATH"]}` },
  });
  return stdout.toString();
}

test.skipIf(!isRunnable)("what was read of one version is not taken for another", () => {
  mkdirSync(dirname(script));
  cpSync(SCRIPT, script);
  setGo(true);
  expect(read()).toBe("");
  const before = placeUpstream(root);
  expect(join(root, read("--folder").trim())).toBe(before);
  expect(readFileSync(join(before, "kubernetes.json"), "utf8")).toBe("read");
  expect(existsSync(join(before, "charts", "istiod", "Chart.yaml"))).toBe(true);

  const text = readFileSync(script, "utf8");
  writeFileSync(script, text.replace(/^KUBERNETES=.*$/m, "KUBERNETES=k8s.io/kubernetes@v9.9.9"));
  setGo(false);
  expect(read()).toBe("Cannot read charts and CRDs from Go's modules\n");
  const after = placeUpstream(root);
  expect(join(root, read("--folder").trim())).toBe(after);
  expect([existsSync(after), existsSync(before)]).toEqual([false, true]);

  setGo(true);
  expect(read()).toBe("");
  expect(existsSync(join(after, "crds", "argo-cd", "one-crd.yaml"))).toBe(true);
});
