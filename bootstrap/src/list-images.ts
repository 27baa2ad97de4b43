import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "@hookline/kustomize-ts";
import { INSTALLATION_DIGESTS, listChartImages } from "./chart-images.ts";
import type { Versions } from "./prepared.ts";
import { parseReference, type Reference } from "./registry/reference.ts";

/** Where our own images are released. */
const OURS = "ghcr.io/hookline/";

/** An image that the cluster will run or mount, and its archive in a prepared folder. */
export interface NeededImage {
  readonly reference: Reference;
  readonly archive: string;
  /** Built in the control node where it was not released. */
  readonly isOurs: boolean;
}

interface ListImagesOptions {
  /** Of bootstrap/k3s/versions.env, which tells our models apart. */
  readonly versions: Versions;
  /** Argo CD's resources. */
  readonly installation: readonly unknown[];
}

/** Every image that gitops/, its charts and Argo CD name, once. k3s brings its own. */
export function listImages(
  root: string,
  { versions, installation }: ListImagesOptions,
): NeededImage[] {
  const gitops = join(root, "gitops");
  const overlays = readdirSync(join(gitops, "overlays"), { withFileTypes: true });
  const folders = [
    ...overlays.flatMap((one) => (one.isDirectory() ? `overlays/${one.name}` : [])),
    "platform/istio-addons",
  ];
  const rendered = folders.flatMap((folder) =>
    build(join(gitops, folder)).resources.map(({ value }) => value),
  );
  const names = [
    ...rendered.flatMap(findImages),
    ...installation.flatMap(findImages).map(addDigest),
    ...listChartImages(),
  ];
  return dropUnpinned([...new Set(names)].sort()).map((name) => {
    const reference = parseReference(name);
    const isOurs = name.startsWith(OURS);
    return {
      reference,
      isOurs,
      archive: isOurs ? nameOurs(reference, versions) : nameArchive(reference),
    };
  });
}

/** Without what is named with a digest too, as a release that is at the canary and not everybody's yet. */
function dropUnpinned(names: readonly string[]): string[] {
  return names.filter((name) => !names.some((other) => other.startsWith(`${name}@`)));
}

function addDigest(name: string): string {
  const digest = INSTALLATION_DIGESTS[name];
  return digest === undefined ? name : `${name}@${digest}`;
}

/** The images of a manifest: those of its containers, and those mounted as volumes. */
function findImages(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(findImages);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    if (key === "image" && typeof field === "string") return [field];
    if (key === "image" && isMounted(field)) return [field.reference];
    return findImages(field);
  });
}

function isMounted(field: unknown): field is { readonly reference: string } {
  if (typeof field !== "object" || field === null || !("reference" in field)) return false;
  return typeof field.reference === "string";
}

function nameArchive({ registry, repository, tag }: Reference): string {
  return `${`${registry}/${repository}`.replaceAll(/[/:]/g, "_")}_${tag}.tar`;
}

/** As provisioning names those of its versions (bootstrap/k3s/lib/images.sh): each model has an image of its own. */
function nameOurs(reference: Reference, versions: Versions): string {
  const { repository, tag } = reference;
  const name = repository.split("/").at(-1);
  if (name !== "model" && tag === versions.get("IMAGES_VERSION")) return `${name}.tar`;
  if (name === "model") {
    const variable = [...versions].find(
      ([key, value]) => key.startsWith("MODEL_") && value === tag,
    )?.[0];
    const model = /^MODEL_(V\d+)_VERSION$/.exec(variable ?? "")?.[1];
    if (model !== undefined) return `model-${model.toLowerCase()}.tar`;
  }
  return nameArchive(reference);
}
