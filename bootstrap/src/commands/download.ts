import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { downloadFile, type PinnedFile } from "../download-file.ts";
import { readOptionFile } from "../options.ts";
import {
  CHART_SOURCES,
  listK3sFiles,
  listManifests,
  parseVersions,
  readChartFiles,
  writeSums,
} from "../prepared.ts";
import type { Report } from "../report.ts";
import type { CommandContext } from "./context.ts";

const VERSIONS = "bootstrap/k3s/versions.env";

/** Fills the folder that provisioning and bootstrap read instead of the internet. */
export async function download({ options, root, report }: CommandContext): Promise<void> {
  const versions = parseVersions(readOptionFile(root, VERSIONS, undefined) ?? "");
  const files = [
    ...listK3sFiles(versions, options.arch),
    ...listManifests(),
    ...(await readChartFiles(CHART_SOURCES)),
  ];
  await fillFolder(options.prepared, files, report);
}

/** Downloads what is missing, then lists everything in the folder, images laid there by others too. */
export async function fillFolder(
  folder: string,
  files: readonly PinnedFile[],
  report: Report,
): Promise<void> {
  const fetched: string[] = [];
  for (const { file, ...rest } of files) {
    const onProgress = (text: string) => report.progress(`${file}: ${text}`);
    const place = join(folder, file);
    const isNew = await downloadFile({ ...rest, file: place }, { onProgress });
    if (file.endsWith("/k3s")) await chmod(place, 0o755);
    report.progress(`${file}: ${isNew ? "downloaded" : "there already"}`);
    if (isNew) fetched.push(file);
  }
  const count = await writeSums(folder);
  report.result(`${folder}: ${count} files, ${fetched.length} of them new`, {
    folder,
    count,
    fetched,
  });
}
