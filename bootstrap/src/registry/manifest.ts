import { z } from "zod";

// OCI image specification, image-index.md, manifest.md and config.md; Docker's own types have the
// same fields (distribution, manifest-v2-2).

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const Descriptor = z.looseObject({
  mediaType: z.string(),
  digest: Digest,
  size: z.int().nonnegative(),
  platform: z.looseObject({ architecture: z.string(), os: z.string() }).optional(),
});
export type Descriptor = z.infer<typeof Descriptor>;

/** One image for each platform. */
export const ImageIndex = z.looseObject({ manifests: z.array(Descriptor) });

/** One image: its configuration and its layers. */
export const ImageManifest = z.looseObject({ config: Descriptor, layers: z.array(Descriptor) });

/** Of the configuration, whom it is for. */
export const ImageConfig = z.looseObject({ architecture: z.string(), os: z.string() });

const INDEX_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
const MANIFEST_TYPES = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** What we can read, for the header Accept. */
export const ACCEPT = [...INDEX_TYPES, ...MANIFEST_TYPES].join(", ");

export function isIndex(mediaType: string): boolean {
  return INDEX_TYPES.includes(mediaType);
}

export function isManifest(mediaType: string): boolean {
  return MANIFEST_TYPES.includes(mediaType);
}
