import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseYaml } from "@hookline/kustomize-ts";
import { createDiskFolder, runEdit } from "@hookline/kustomize-ts/edit";
import { z } from "zod";
import { DeliveryError } from "../errors.ts";
import { listPrograms } from "./read-repository.ts";
import { parseVersion } from "./semantic-version.ts";

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What was pushed: the version, and the digest of each image by its short name. */
const Pushed = z.strictObject({
  version: z.string().refine((text) => parseVersion(text) !== undefined),
  digests: z.record(z.string(), z.string().regex(DIGEST)),
});
export type Pushed = z.infer<typeof Pushed>;

const Kustomization = z.object({
  images: z
    .array(
      z.object({
        name: z.string(),
        newName: z.string().optional(),
        newTag: z.string().optional(),
        digest: z.string().optional(),
      }),
    )
    .default([]),
});

/** Where an image is pinned: the role in front of the registry's name, and the kustomization. */
export interface Pin {
  /** The folder of the kustomization, from gitops/. */
  readonly folder: string;
  /** The placeholder, such as `app-canary`. */
  readonly role: string;
  readonly image: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Reads `{"version": "1.2.3", "digests": {"app": "sha256:…"}}`; throws DeliveryError BAD_FILE. */
export function parsePushed(text: string): Pushed {
  try {
    return Pushed.parse(JSON.parse(text));
  } catch (error) {
    const message =
      'Cannot read the digests: expected {"version": "1.2.3", "digests": {"app": "sha256:…"}}';
    throw new DeliveryError(message, { code: "BAD_FILE", cause: error });
  }
}

/** All pins of the tree: of the base and of each component. */
export function readPins(gitops: string): Pin[] {
  const components = readdirSync(join(gitops, "components")).sort();
  return ["base", ...components.map((name) => `components/${name}`)].flatMap((folder) => {
    const file = join(gitops, folder, "kustomization.yaml");
    if (!existsSync(file)) return [];
    return readImages(file).map(({ name, newName = name, newTag, digest }) => ({
      folder,
      role: name,
      image: newName,
      tag: newTag,
      digest,
    }));
  });
}

function readImages(file: string) {
  const read = Kustomization.safeParse(parseYaml(readFileSync(file, "utf8"), file));
  if (read.success) return read.data.images;
  const [{ path, message } = { path: [], message: "" }] = read.error.issues;
  const what = `Cannot read the images of ${file}: ${path.join(".")}: ${message}`;
  throw new DeliveryError(what, { code: "BAD_FILE", cause: read.error });
}

/** The last part of an image's name: `app` of `ghcr.io/hookline/app`. */
export function shortName(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1);
}

/**
 * Pins what was pushed where a release begins: at the canary and in the shadow. What everybody gets, the
 * roles that end in `-stable`, changes by a promotion only. Gives the roles that changed. Throws DeliveryError BAD_FILE,
 * with nothing pinned, for an image that is neither pinned anywhere nor a program of ours.
 */
export function deployRelease(root: string, { version, digests }: Pushed): string[] {
  const gitops = join(root, "gitops");
  const pins = readPins(gitops);
  const known = new Set([...listPrograms(root), ...pins.map(({ image }) => shortName(image))]);
  const unknown = Object.keys(digests).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const message = `Cannot deploy ${unknown.join(", ")}: there is no such image, but ${[...known].sort().join(", ")}`;
    throw new DeliveryError(message, { code: "BAD_FILE" });
  }
  const changed = pins.filter(({ role, image, tag, digest }) => {
    const wanted = digests[shortName(image)];
    if (wanted === undefined || role.endsWith("-stable")) return false;
    return digest !== wanted || tag !== version;
  });
  for (const pin of changed) {
    setPin(gitops, { ...pin, tag: version, digest: digests[shortName(pin.image)] });
  }
  return changed.map(({ role }) => role);
}

/** Writes one pin with `edit set image`: comments and order of the kustomization stay. */
export function setPin(gitops: string, { folder, role, image, tag, digest }: Pin): void {
  const name = `${image}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  runEdit(["set", "image", `${role}=${name}`], createDiskFolder(join(gitops, folder)));
}
