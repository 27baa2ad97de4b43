import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createEngine } from "../images/engine.ts";
import { startRegistry, type TestRegistry } from "../testing/registry.ts";
import { ImageManifest } from "./manifest.ts";
import { pullImage } from "./pull-image.ts";
import { parseReference, renderName } from "./reference.ts";
import { createRegistry } from "./registry.ts";

const LONG = 120_000;
const missing = ["podman", "buildah"].filter((tool) => Bun.which(tool) === null);
if (process.getuid?.() !== 0) missing.push("root");
if (missing.length > 0) {
  console.warn(`bootstrap/src/registry: no archive is loaded, missing: ${missing.join(", ")}`);
}

const arch = process.arch === "x64" ? "amd64" : "arm64";
const TEXT = "what was put in\n";
const folder = mkdtempSync(join(tmpdir(), "hookline-podman-"));
const archive = join(folder, "image.tar");
const engine = createEngine(join(folder, "engine"));
let server: TestRegistry;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An image that buildah makes of a file and nothing else, as an OCI layout. */
async function buildLayout(): Promise<string> {
  const layout = join(folder, "layout");
  mkdirSync(join(folder, "context"));
  writeFileSync(join(folder, "context", "text"), TEXT);
  writeFileSync(
    join(folder, "context", "Dockerfile"),
    'FROM scratch\nCOPY text /text\nCMD ["/text"]\n',
  );
  await engine.run(["buildah", "bud", "--quiet", "--tag", "made", join(folder, "context")]);
  await engine.run(["buildah", "push", "--quiet", "made", `oci:${layout}:made`]);
  return layout;
}

const Layout = z.looseObject({ manifests: z.tuple([z.looseObject({ digest: z.string() })]) });

/** Puts the layout into the registry, below an index that names another architecture, too. */
function serveLayout(layout: string): void {
  const read = (digest: string) => readFileSync(join(layout, "blobs", digest.replace(":", "/")));
  const index = Layout.parse(JSON.parse(readFileSync(join(layout, "index.json"), "utf8")));
  const text = read(index.manifests[0].digest).toString("utf8");
  const manifest = ImageManifest.parse(JSON.parse(text));
  for (const { digest, mediaType } of [manifest.config, ...manifest.layers]) {
    server.addBlob(read(digest), mediaType);
  }
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const stored = server.addManifest("some/made", { ...manifest, schemaVersion: 2, mediaType });
  const other = { ...stored, digest: `sha256:${"0".repeat(64)}` };
  const platform = (architecture: string) => ({ platform: { os: "linux", architecture } });
  server.addManifest(
    "some/made",
    {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [
        { ...other, ...platform("riscv64") },
        { ...stored, ...platform(arch) },
      ],
    },
    "1.0",
  );
}

describe.skipIf(missing.length > 0)("an archive that was pulled", () => {
  beforeAll(async () => {
    server = await startRegistry();
    serveLayout(await buildLayout());
    await pullImage(parseReference(`${server.host}/some/made:1.0`), {
      registry: createRegistry(),
      arch,
      file: archive,
      blobs: join(folder, "blobs"),
    });
    await engine.run(["podman", "rmi", "--all", "--force"]);
  }, LONG);
  afterAll(async () => {
    server.stop();
    await engine.attempt(["podman", "rmi", "--all", "--force"]);
  }, LONG);

  test(
    "is loaded by podman under its name, with what was built",
    async () => {
      await engine.run(["podman", "load", "--quiet", "--input", archive]);
      const name = renderName(parseReference(`${server.host}/some/made:1.0`));
      const format = "{{.Architecture}} {{.Config.Cmd}}";
      expect(await engine.run(["podman", "image", "inspect", "--format", format, name])).toBe(
        `${arch} [/text]`,
      );
      const id = await engine.run(["podman", "create", name]);
      await engine.run(["podman", "cp", `${id}:/text`, join(folder, "out")]);
      await engine.run(["podman", "rm", id]);
      expect(readFileSync(join(folder, "out"), "utf8")).toBe(TEXT);
    },
    LONG,
  );
});
