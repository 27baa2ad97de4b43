import { createHash } from "node:crypto";
import { rename } from "node:fs/promises";
import { z } from "zod";
import { readTar, type TarFile, writeTar } from "../tar.ts";
import { type Descriptor, ImageIndex, ImageManifest, isIndex } from "./manifest.ts";
import type { RawManifest } from "./registry.ts";

/** A blob that lies in a file. */
export interface BlobFile {
  readonly digest: string;
  readonly size: number;
  readonly path: string;
}

/** An image of one architecture, as it goes into an archive. */
export interface PulledImage {
  /** Registry, repository and tag. */
  readonly name: string;
  /** What the reference names: an index, or the manifest itself. */
  readonly top: RawManifest;
  readonly manifest: RawManifest;
  readonly blobs: readonly BlobFile[];
}

const NAME = "io.containerd.image.name";
const Layout = z.looseObject({
  manifests: z.tuple([
    z.looseObject({
      mediaType: z.string(),
      digest: z.string(),
      annotations: z.looseObject({ [NAME]: z.string() }),
    }),
  ]),
});

/**
 * Writes the image as an OCI layout in a tar, in one step. The index of all architectures is in
 * it byte for byte, though only one of them is: its digest is what a pod names. k3s skips what is
 * missing when it imports the archive, and gives the image a name with that digest besides
 * (k3s-io/k3s#10136, #13221).
 */
export async function writeArchive(file: string, image: PulledImage): Promise<void> {
  const { name, top, manifest, blobs } = image;
  const manifests = new Map([top, manifest].map((one) => [one.digest, one.bytes]));
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      {
        mediaType: top.mediaType,
        digest: top.digest,
        size: top.bytes.length,
        // containerd reads the first, podman and others the second.
        annotations: { [NAME]: name, "org.opencontainers.image.ref.name": name },
      },
    ],
  };
  const files: TarFile[] = [
    { name: "oci-layout", content: encode({ imageLayoutVersion: "1.0.0" }) },
    { name: "index.json", content: encode(index) },
    ...[...manifests].map(([digest, content]) => ({ name: placeBlob(digest), content })),
    ...blobs.map(({ digest, path, size }) => ({
      name: placeBlob(digest),
      content: { path, size },
    })),
  ];
  await writeTar(`${file}.part`, files);
  await rename(`${file}.part`, file);
}

/**
 * What an archive holds, if it is whole: every blob has the digest of its name, and the image has
 * all of its layers. Undefined for a damaged one, or one that somebody else wrote.
 */
export async function readArchive(
  file: string,
): Promise<{ readonly name: string; readonly digest: string } | undefined> {
  const found = new Map<string, Uint8Array>();
  let layout: unknown;
  try {
    await readTar(file, async ({ name, size }, chunks) => {
      const hash = createHash("sha256");
      const kept: Uint8Array[] = [];
      for await (const chunk of chunks) {
        hash.update(chunk);
        if (size < MOST_JSON) kept.push(chunk);
      }
      const bytes = Buffer.concat(kept);
      if (name === "index.json") layout = JSON.parse(bytes.toString("utf8"));
      if (name === placeBlob(`sha256:${hash.copy().digest("hex")}`)) {
        found.set(`sha256:${hash.digest("hex")}`, bytes);
      }
    });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const parsed = Layout.safeParse(layout);
  if (!parsed.success) return undefined;
  const [{ digest, annotations }] = parsed.data.manifests;
  return hasAll(found, parsed.data.manifests[0]) ? { name: annotations[NAME], digest } : undefined;
}

/** Manifests are small; layers need not be kept to be hashed. */
const MOST_JSON = 1_000_000;

/** An index needs one of its images, an image its configuration and all layers. */
function hasAll(
  found: ReadonlyMap<string, Uint8Array>,
  { digest, mediaType }: Pick<Descriptor, "digest" | "mediaType">,
): boolean {
  const bytes = found.get(digest);
  if (bytes === undefined) return false;
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  if (isIndex(mediaType)) {
    return ImageIndex.parse(value).manifests.some((one) => hasAll(found, one));
  }
  const manifest = ImageManifest.safeParse(value);
  return (
    manifest.success &&
    [manifest.data.config, ...manifest.data.layers].every((one) => found.has(one.digest))
  );
}

function placeBlob(digest: string): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
