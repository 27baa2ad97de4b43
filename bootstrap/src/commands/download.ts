import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { formatAmount } from "@hookline/command-line";
import type { RenderedResource } from "@hookline/kustomize-ts";
import { packInstallation, writeChart, writeChartIndex } from "../chart-mirror.ts";
import { INSTALLATION_CHART } from "../charts.ts";
import { type DownloadOptions, downloadFile, type PinnedFile, stop } from "../download-file.ts";
import { BootstrapError } from "../errors.ts";
import { PREPARED_INSTALLATION, renderInstallation } from "../installation.ts";
import { listImages, type NeededImage } from "../list-images.ts";
import { readOptionFile } from "../options.ts";
import {
  CHART_SOURCES,
  listK3sFiles,
  listManifests,
  listPackages,
  parseVersions,
  readChartFiles,
  writeSums,
} from "../prepared.ts";
import { pullImage } from "../registry/pull-image.ts";
import { renderName } from "../registry/reference.ts";
import { createRegistry, type Registry } from "../registry/registry.ts";
import type { Report } from "../report.ts";
import { withFolder } from "../with-folder.ts";
import type { CommandContext } from "./context.ts";

const PACKAGES = "bootstrap/k3s/packages.txt";
const VERSIONS = "bootstrap/k3s/versions.env";

/** Fills the folder that provisioning and bootstrap read instead of the internet. Ctrl+C leaves what is whole. */
export async function download(context: CommandContext): Promise<void> {
  const { options, report } = context;
  const abort = new AbortController();
  const onSignal = () => abort.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const fill: Fill = { folder: options.prepared, report, signal: abort.signal };
  try {
    await withFolder(options.prepared, async () => finish(fill, await fetchAll(fill, context)));
  } catch (error) {
    throw abort.signal.aborted ? stop(options.prepared) : error;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

async function fetchAll(fill: Fill, { options, root, report }: CommandContext): Promise<string[]> {
  const { folder, signal } = fill;
  const versions = parseVersions(readOptionFile(root, VERSIONS, undefined) ?? "");
  const fetched = await fetchFiles(fill, [
    ...listK3sFiles(versions, options.arch),
    ...listPackages(readOptionFile(root, PACKAGES, undefined) ?? "", options.arch),
    ...listManifests(),
    ...(await readChartFiles(CHART_SOURCES, signal)),
  ]);
  const installation = renderInstallation(root, join(folder, PREPARED_INSTALLATION));
  fetched.push(...(await packCharts(folder, installation)));
  const resources = installation.map(({ value }) => value);
  const images = listImages(root, { versions, installation: resources });
  const registry = createRegistry({ signal, onAgain: report.progress });
  for (const arch of options.arch) {
    // Of this checkout, whichever folder is filled.
    const blobs = join(root, ".cache", "bootstrap", "blobs", arch);
    const fetch = () => fetchImages(fill, images, { registry, arch, blobs });
    fetched.push(...(await withFolder(blobs, fetch)));
  }
  return fetched;
}

/** Makes of the charts that are there, and of Argo CD, a repository that any web server can hand out. */
export async function packCharts(
  folder: string,
  installation: readonly RenderedResource[],
): Promise<string[]> {
  const charts = join(folder, "charts");
  const packed = packInstallation(installation);
  const isNew = await writeChart(charts, packed);
  const { version } = packed;
  await writeChartIndex(charts, [...CHART_SOURCES, { chart: INSTALLATION_CHART, version }]);
  return isNew ? [`charts/${packed.file}`] : [];
}

/** Where things go, and what there is to say on the way. */
export interface Fill {
  readonly folder: string;
  readonly report: Report;
  readonly signal?: AbortSignal;
}

/** Downloads the files that are missing, and names them. */
export async function fetchFiles(
  { folder, report, signal }: Fill,
  files: readonly PinnedFile[],
): Promise<string[]> {
  const fetched: string[] = [];
  for (const { file, ...rest } of files) {
    const onProgress = (text: string) => report.progress(`${file}: ${text}`);
    const place = join(folder, file);
    const isNew = await downloadFile({ ...rest, file: place }, { onProgress, signal });
    if (file.endsWith("/k3s")) await chmod(place, 0o755);
    report.progress(`${file}: ${isNew ? "downloaded" : "there already"}`);
    if (isNew) fetched.push(file);
  }
  return fetched;
}

interface FetchImagesOptions extends Omit<DownloadOptions, "ask" | "onProgress" | "signal"> {
  readonly registry: Registry;
  readonly arch: string;
  /** Where half an image waits for the next run. */
  readonly blobs: string;
}

/** Pulls the images of one architecture that are missing, and names their archives. */
export async function fetchImages(
  { folder, report, signal }: Fill,
  images: readonly NeededImage[],
  { blobs, ...options }: FetchImagesOptions,
): Promise<string[]> {
  const fetched: string[] = [];
  for (const [index, { reference, archive, isOurs }] of images.entries()) {
    const file = `${options.arch}/images/${archive}`;
    const place = join(folder, file);
    const name = `${renderName(reference)} (${index + 1} of ${images.length}, ${options.arch})`;
    // Ours may be what host.sh brought from the control node.
    if (isOurs && (await Bun.file(place).exists())) {
      report.progress(`${name}: there already`);
      continue;
    }
    const onProgress = (text: string) => report.progress(`${name}: ${text}`);
    try {
      const pulled = await pullImage(reference, {
        ...options,
        file: place,
        blobs: join(blobs, archive),
        onProgress,
        signal,
      });
      report.progress(`${name}: ${pulled.isNew ? pulled.digest : "there already"}`);
      if (pulled.isNew) fetched.push(file);
    } catch (error) {
      if (!isOurs || !isAbsent(error)) throw error;
      report.progress(`${name}: not released; bootstrap/k3s/host.sh images brings it`);
    }
  }
  return fetched;
}

/** A registry tells a stranger of what is not there either that it is not, or that he may not know. */
function isAbsent(error: unknown): boolean {
  const codes = ["NOT_FOUND", "UNAUTHORIZED", "FORBIDDEN"];
  return error instanceof BootstrapError && codes.includes(error.code);
}

/** Lists everything in the folder, images laid there by others too. */
export async function finish({ folder, report }: Fill, fetched: readonly string[]): Promise<void> {
  const count = await writeSums(folder);
  report.result(`${folder}: ${formatAmount(count, "file")}, ${fetched.length} new`, {
    folder,
    count,
    fetched,
  });
}
