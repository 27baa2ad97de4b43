import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, createMemoryFileSystem } from "@hookline/kustomize-ts";
import { packInstallation, writeChart, writeChartIndex } from "./chart-mirror.ts";
import { checkCharts } from "./choose-charts.ts";
import { readChartFiles } from "./prepared.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-charts-"));
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => new Response(Bun.file(join(folder, new URL(request.url).pathname))),
});
afterAll(() => {
  server.stop(true);
  rmSync(folder, { recursive: true });
});
const url = (name: string) => `http://127.0.0.1:${server.port}/${name}`;

const render = (value: string) =>
  build("/x", {
    fs: createMemoryFileSystem(
      new Map([
        ["/x/kustomization.yaml", "resources: [one.yaml]\n"],
        [
          "/x/one.yaml",
          `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\ndata: { key: "${value}" }\n`,
        ],
      ]),
    ),
  }).resources;

describe("packInstallation()", () => {
  const packed = packInstallation(render("{{ template }}"));

  test("is a chart whose template is not one: braces stay", async () => {
    const place = join(folder, "packed");
    mkdirSync(place);
    writeFileSync(join(place, packed.file), packed.bytes);
    expect(Bun.spawnSync(["tar", "-xzf", packed.file], { cwd: place }).exitCode).toBe(0);
    const read = (file: string) => readFileSync(join(place, "argo-cd", file), "utf8");
    expect(read("Chart.yaml")).toBe(`apiVersion: v2\nname: argo-cd\nversion: ${packed.version}\n`);
    expect(read("manifests.yaml")).toContain("{{ template }}");
    expect(read("templates/manifests.yaml")).toBe('{{ .Files.Get "manifests.yaml" }}\n');
  });

  test("has a version of its content, and is the same bytes for the same", () => {
    expect(packed.version).toMatch(/^3\.5\.1-r[0-9a-f]{12}$/);
    expect(packInstallation(render("{{ template }}"))).toEqual(packed);
    expect(packInstallation(render("other")).version).not.toBe(packed.version);
  });
});

describe("a folder of charts", () => {
  const place = join(folder, "mirror");
  const first = packInstallation(render("first"));
  const second = packInstallation(render("second"));

  test("keeps one version of Argo CD, and writes it once", async () => {
    expect(await writeChart(place, first)).toBe(true);
    expect(await writeChart(place, first)).toBe(false);
    expect(await writeChart(place, second)).toBe(true);
    expect(readdirSync(place)).toEqual([second.file]);
  });

  test("is read as a Helm repository", async () => {
    await writeChartIndex(place, [{ chart: "argo-cd", version: second.version }]);
    const source = { chart: "argo-cd", repository: url("mirror"), version: second.version };
    const [found] = await readChartFiles([source]);
    expect(found?.url).toBe(url(`mirror/${second.file}`));
    const sum = new Bun.CryptoHasher("sha256").update(second.bytes).digest("hex");
    expect(found?.sha256).toBe(sum);
  });

  test("checkCharts() refuses a folder that misses a chart, and says what to do", async () => {
    const mirror = { url: url("mirror"), installation: second.version };
    await expect(checkCharts(mirror)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("it has no base 1.30.3"),
      next: expect.stringContaining("bun run bootstrap download"),
    });
  });
});
