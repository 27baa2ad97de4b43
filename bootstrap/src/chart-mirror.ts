import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { emitYaml, type RenderedResource } from "@hookline/kustomize-ts";
import { stringify } from "yaml";
import { INSTALLATION_CHART } from "./charts.ts";
import { readSha256 } from "./download-file.ts";
import { buildTar } from "./tar.ts";

// A Helm repository without a server of its own: a folder of charts with an index.yaml, which any
// web server can hand out. k3s hands out /var/lib/rancher/k3s/server/static at /static/ of the API
// server's address, to anyone (k3s-io/k3s#288: its own charts come from there).

/** A chart as a file. */
interface PackedChart {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * Argo CD as gitops/platform/argo-cd makes it, packed as a chart that renders to just that: for
 * Argo CD to look after itself where it cannot read the file of the internet that its folder
 * names. What is in it is part of the version, so that Argo CD never takes an older one from its
 * cache for it.
 */
export function packInstallation(resources: readonly RenderedResource[]): PackedChart {
  const manifests = resources.map(({ value }) => emitYaml(value)).join("---\n");
  const sum = createHash("sha256").update(manifests).digest("hex").slice(0, 12);
  const version = `${INSTALLATION.version.replace(/^v/, "")}-r${sum}`;
  const files = {
    "Chart.yaml": stringify({ apiVersion: "v2", name: INSTALLATION_CHART, version }),
    "manifests.yaml": manifests,
    // Its CRDs describe templates with `{{`: what is read as a file is not a template.
    "templates/manifests.yaml": '{{ .Files.Get "manifests.yaml" }}\n',
  };
  const tar = buildTar(
    Object.entries(files).map(([name, text]) => ({
      name: `${INSTALLATION_CHART}/${name}`,
      content: Buffer.from(text),
    })),
  );
  const file = `${INSTALLATION_CHART}-${version}.tgz`;
  return { name: INSTALLATION_CHART, version, file, bytes: gzipSync(tar, { level: 9 }) };
}

/** Puts a chart in the folder, unless the same is there; takes away other versions of it. Gives whether it did. */
export async function writeChart(folder: string, { file, bytes }: PackedChart): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, file);
  if (await Bun.file(path).exists()) return false;
  for (const other of readdirSync(folder)) {
    if (other.startsWith(`${INSTALLATION_CHART}-`)) await Bun.file(join(folder, other)).delete();
  }
  await Bun.write(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
  return true;
}

/** Writes the index.yaml of a folder that holds these charts, each as `<chart>-<version>.tgz`. */
export async function writeChartIndex(
  folder: string,
  charts: readonly { readonly chart: string; readonly version: string }[],
): Promise<void> {
  const entries: Record<string, unknown[]> = {};
  for (const { chart, version } of charts) {
    const file = `${chart}-${version}.tgz`;
    const digest = await readSha256(join(folder, file));
    entries[chart] = [{ apiVersion: "v2", name: chart, version, digest, urls: [file] }];
  }
  const text = stringify({ apiVersion: "v1", entries });
  await Bun.write(join(folder, "index.yaml.part"), text);
  await rename(join(folder, "index.yaml.part"), join(folder, "index.yaml"));
}
