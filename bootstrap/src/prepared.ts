import { readdirSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join, relative } from "node:path";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { messageOf } from "@hookline/command-line";
import { parse } from "yaml";
import { z } from "zod";
import { CHARTS, type Chart, GATEWAY } from "./charts.ts";
import { type PinnedFile, readSha256 } from "./download-file.ts";
import { BootstrapError } from "./errors.ts";
import { PREPARED_INSTALLATION } from "./installation.ts";

const K3S = "https://github.com/k3s-io/k3s/releases/download";

/** Versions and checksums as bootstrap/k3s/versions.env has them, by name. */
export type Versions = ReadonlyMap<string, string>;

/** Reads `NAME=value` lines; others are comments. */
export function parseVersions(text: string): Versions {
  return new Map(
    [...text.matchAll(/^([A-Z0-9_]+)=["']?([^"'\s#]*)["']?/gm)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
}

/** k3s and the images it starts with, for each architecture. Refuses one whose checksum is not pinned. */
export function listK3sFiles(
  versions: Versions,
  arches: readonly string[],
  from = K3S,
): PinnedFile[] {
  const pin = (name: string) => {
    const value = versions.get(name);
    if (value !== undefined && value !== "") return value;
    throw new BootstrapError(`Cannot download k3s: bootstrap/k3s/versions.env has no ${name}`, {
      code: "DOWNLOAD",
      next: "Choose among the architectures that it pins with --arch",
    });
  };
  const release = `${from}/${encodeURIComponent(pin("K3S_VERSION"))}`;
  return arches.flatMap((arch) => {
    const suffix = arch.toUpperCase();
    const images = `k3s-airgap-images-${arch}.tar.zst`;
    return [
      {
        url: `${release}/k3s${arch === "amd64" ? "" : `-${arch}`}`,
        sha256: pin(`K3S_SHA256_${suffix}`),
        file: `${arch}/k3s`,
      },
      {
        url: `${release}/${images}`,
        sha256: pin(`K3S_IMAGES_SHA256_${suffix}`),
        file: `${arch}/k3s-airgap-images.tar.zst`,
      },
    ];
  });
}

const DEBIAN = "https://snapshot.debian.org/archive/debian";

/** Debian's packages that bootstrap/k3s/packages.txt names, for each architecture. */
export function listPackages(text: string, arches: readonly string[]): PinnedFile[] {
  const snapshot = /^# SNAPSHOT=(\S+)$/m.exec(text)?.[1] ?? "";
  const packages = [...text.matchAll(/^([0-9a-f]{64}) {2}(pool\/\S+_(\w+)\.deb)$/gm)];
  return arches.flatMap((arch) =>
    packages
      .filter(([, , , of]) => of === arch || of === "all")
      .map(([, sha256 = "", path = ""]) => ({
        url: `${DEBIAN}/${snapshot}/${path.split("/").map(encodeURIComponent).join("/")}`,
        sha256,
        file: `${arch}/packages/${path.slice(path.lastIndexOf("/") + 1)}`,
      })),
  );
}

/** Argo CD's installation. */
export function listManifests(): PinnedFile[] {
  return [{ url: INSTALLATION.url, sha256: INSTALLATION.sha256, file: PREPARED_INSTALLATION }];
}

type ChartSource = Pick<Chart, "chart" | "repository" | "version">;

/** Every chart of the platform, and the gateway's. */
export const CHART_SOURCES: readonly ChartSource[] = [...CHARTS, GATEWAY];

const Index = z.looseObject({
  entries: z.record(
    z.string(),
    z.array(
      z.looseObject({
        version: z.string(),
        digest: z.string().regex(/^[0-9a-f]{64}$/),
        urls: z.tuple([z.string()], z.string()),
      }),
    ),
  ),
});

/** The charts with the address and the SHA-256 that their repositories' own indexes give. */
export async function readChartFiles(
  charts: readonly ChartSource[],
  signal?: AbortSignal,
): Promise<PinnedFile[]> {
  const repositories = [...new Set(charts.map(({ repository }) => repository))];
  const indexes = new Map(
    await Promise.all(
      repositories.map(async (one) => [one, await readChartIndex(one, { signal })] as const),
    ),
  );
  return charts.map(({ chart, repository, version }) => {
    const found = indexes.get(repository)?.entries[chart]?.find((one) => one.version === version);
    if (found === undefined) throw refuse(repository, `it has no ${chart} ${version}`);
    return {
      url: new URL(found.urls[0], `${repository.replace(/\/$/, "")}/`).href,
      sha256: found.digest,
      file: `charts/${chart}-${version}.tgz`,
    };
  });
}

interface ReadIndexOptions {
  /** In PEM, for an address that no public authority vouches for. */
  readonly authority?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a Helm repository has. */
export async function readChartIndex(
  repository: string,
  { authority, signal }: ReadIndexOptions = {},
): Promise<z.infer<typeof Index>> {
  const url = `${repository.replace(/\/$/, "")}/index.yaml`;
  let text: string;
  try {
    const tls = authority === undefined ? {} : { ca: authority };
    const time = AbortSignal.timeout(60_000);
    const either = signal === undefined ? time : AbortSignal.any([time, signal]);
    const response = await fetch(url, { tls, signal: either });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    text = await response.text();
  } catch (cause) {
    throw refuse(repository, messageOf(cause), cause);
  }
  try {
    return Index.parse(parse(text, { maxAliasCount: 0 }));
  } catch (cause) {
    // No YAML at all as well, as the page of a proxy.
    throw refuse(repository, "its index.yaml is no index of charts", cause);
  }
}

function refuse(repository: string, reason: string, cause?: unknown): BootstrapError {
  return new BootstrapError(`Cannot read the charts of ${repository}: ${reason}`, {
    code: "DOWNLOAD",
    next: "Run it again when the repository answers: what was downloaded stays",
    cause,
  });
}

/** Writes SHA256SUMS over everything in the folder, as `sha256sum -c` reads it. Gives the number of files. */
export async function writeSums(folder: string): Promise<number> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .filter((file) => file !== "SHA256SUMS" && !file.endsWith(".part"))
    .sort();
  const lines: string[] = [];
  for (const file of files) lines.push(`${await readSha256(join(folder, file))}  ${file}\n`);
  // In one step: provisioning never sees half a list.
  await Bun.write(join(folder, "SHA256SUMS.part"), lines.join(""));
  await rename(join(folder, "SHA256SUMS.part"), join(folder, "SHA256SUMS"));
  return files.length;
}
