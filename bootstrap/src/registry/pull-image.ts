import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DownloadOptions, downloadFile } from "../download-file.ts";
import { BootstrapError } from "../errors.ts";
import {
  type Descriptor,
  ImageConfig,
  ImageIndex,
  ImageManifest,
  isIndex,
  isManifest,
} from "./manifest.ts";
import { type BlobFile, readArchive, writeArchive } from "./oci-archive.ts";
import { type Reference, renderName } from "./reference.ts";
import type { RawManifest, Registry } from "./registry.ts";

interface PullOptions extends DownloadOptions {
  readonly registry: Registry;
  readonly arch: string;
  /** The archive to write. */
  readonly file: string;
  /** Where blobs lie until the archive is whole, and what is half downloaded for the next run. */
  readonly blobs: string;
}

/** What came of it: the digest that the reference stands for, and whether anything was fetched. */
export interface Pulled {
  readonly digest: string;
  readonly isNew: boolean;
}

/**
 * Puts an image of one architecture into an archive, unless a whole one of it is there. Each
 * manifest and blob is compared with the digest it is named by; the first of these is the one in
 * the reference or, where it has none, what the registry has under the tag.
 */
export async function pullImage(image: Reference, options: PullOptions): Promise<Pulled> {
  const { registry, arch, file, blobs } = options;
  const there = (await Bun.file(file).exists()) ? await readArchive(file) : undefined;
  if (there?.name === renderName(image) && there.digest === (image.digest ?? there.digest)) {
    return { digest: there.digest, isNew: false };
  }
  const top = await registry.readManifest(image, image.digest ?? image.tag);
  const manifest = await readManifestFor(image, top, options);
  const { config, layers } = ImageManifest.parse(parse(manifest));
  const files: BlobFile[] = [];
  // An empty layer may be there twice; the archive has it once.
  const wanted = new Map([config, ...layers].map((one) => [one.digest, one]));
  for (const descriptor of wanted.values()) files.push(await pullBlob(image, descriptor, options));
  await checkConfig(image, arch, files[0]);
  await mkdir(dirname(file), { recursive: true });
  await writeArchive(file, { name: renderName(image), top, manifest, blobs: files });
  for (const { path } of files) await rm(path);
  await rm(blobs, { recursive: true });
  return { digest: top.digest, isNew: true };
}

async function readManifestFor(
  image: Reference,
  top: RawManifest,
  { registry, arch }: PullOptions,
): Promise<RawManifest> {
  if (isManifest(top.mediaType)) return top;
  if (!isIndex(top.mediaType))
    throw refuse(image, `"${top.mediaType}" is no kind that we can read`);
  const { manifests } = ImageIndex.parse(parse(top));
  const found = manifests.find(
    ({ platform }) => platform?.os === "linux" && platform.architecture === arch,
  );
  if (found === undefined) {
    const has = manifests.flatMap(({ platform }) => platform?.architecture ?? []).join(", ");
    throw refuse(image, `it is not there for ${arch}, only for ${has}`);
  }
  return await registry.readManifest(image, found.digest);
}

function parse({ bytes }: RawManifest): unknown {
  return JSON.parse(Buffer.from(bytes).toString("utf8"));
}

async function pullBlob(
  image: Reference,
  { digest, size }: Descriptor,
  { registry, blobs, ...rest }: PullOptions,
): Promise<BlobFile> {
  const path = join(blobs, digest.replace("sha256:", ""));
  const url = `${image.registry}/${image.repository}@${digest}`;
  const ask = (from: number, signal: AbortSignal) =>
    registry.askBlob(image, digest, { from, signal });
  const pinned = { url, sha256: digest.replace("sha256:", ""), file: path };
  await downloadFile(pinned, { ...rest, ask, mostBytes: size });
  return { digest, path, size: (await stat(path)).size };
}

/** An index says for whom each image is; an image alone says it in its configuration. */
async function checkConfig(
  image: Reference,
  arch: string,
  config: BlobFile | undefined,
): Promise<void> {
  const text = await readFile(config?.path ?? "", "utf8");
  const { os, architecture } = ImageConfig.parse(JSON.parse(text));
  if (os === "linux" && architecture === arch) return;
  throw refuse(image, `it is for ${os}/${architecture}, not linux/${arch}`);
}

function refuse(image: Reference, reason: string): BootstrapError {
  return new BootstrapError(`Cannot pull ${renderName(image)}: ${reason}`, {
    code: "DOWNLOAD",
    next: "Is the name right? The list is in the tree of gitops/ and in bootstrap/src/chart-images.ts",
  });
}
