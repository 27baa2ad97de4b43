import { posix } from "node:path";
import type { Deployment, Volume } from "./manifests.ts";
import type { ClusterResources, Content } from "./resources.ts";
import type { VolumeContent } from "./workload.ts";

type Pod = Deployment["spec"]["template"]["spec"];
type InitContainer = Pod["initContainers"][number];

export interface ReadVolumesOptions {
  readonly namespace: string;
  readonly resources: Pick<ClusterResources, "configMaps" | "secrets">;
  readonly modelFolder: (reference: string) => string;
  /** Throws, with the sentence's second half. */
  readonly refuse: (why: string, code: "BAD_MANIFEST" | "UNKNOWN_IMAGE" | "UNSUPPORTED") => never;
}

/** What each volume of a pod holds, by its name, after the init containers have run. */
export function readVolumes(
  pod: Pod,
  options: ReadVolumesOptions,
): ReadonlyMap<string, VolumeContent> {
  const volumes = new Map(pod.volumes.map((volume) => [volume.name, readVolume(volume, options)]));
  for (const container of pod.initContainers) {
    const [volume, content] = runInitContainer(container, options);
    volumes.set(volume, content);
  }
  return volumes;
}

function readVolume(volume: Volume, options: ReadVolumesOptions): VolumeContent {
  const { name, configMap, secret, image } = volume;
  const { namespace, resources, refuse, modelFolder } = options;
  if (image) return { kind: "folder", folder: modelFolder(image.reference) };
  if ("emptyDir" in volume) return { kind: "empty" };
  if (!configMap && !secret) {
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "nothing";
    return refuse(`volume "${name}" is of kind ${kind}, which is not run here`, "UNSUPPORTED");
  }
  const what = configMap ? `ConfigMap "${configMap.name}"` : `Secret "${secret?.secretName}"`;
  const content = configMap
    ? resources.configMaps.get(`${namespace}/${configMap.name}`)
    : resources.secrets.get(`${namespace}/${secret?.secretName}`);
  if (content === undefined) {
    if ((configMap ?? secret)?.optional) return { kind: "empty" };
    return refuse(`it mounts ${what}, which the overlay does not have`, "BAD_MANIFEST");
  }
  return {
    kind: "files",
    files: pickItems(content, { items: (configMap ?? secret)?.items, what, refuse }),
  };
}

interface PickOptions {
  readonly items: readonly { readonly key: string; readonly path: string }[] | undefined;
  readonly what: string;
  readonly refuse: ReadVolumesOptions["refuse"];
}

function pickItems(content: Content, { items, what, refuse }: PickOptions): Content {
  if (items === undefined) return content;
  return new Map(
    items.map(({ key, path }) => {
      const bytes = content.get(key);
      if (bytes === undefined) return refuse(`${what} has no "${key}"`, "BAD_MANIFEST");
      if (isOutside(path)) return refuse(`${what} is to be at "${path}"`, "BAD_MANIFEST");
      return [path, bytes] as const;
    }),
  );
}

function isOutside(path: string): boolean {
  return posix.isAbsolute(path) || posix.normalize(path).startsWith("..");
}

/** The one init container that is known: `cp -r /model/. <mount>/` in a model's image. */
function runInitContainer(
  { name, image, command = [], args = [], volumeMounts }: InitContainer,
  { modelFolder, refuse }: ReadVolumesOptions,
): readonly [volume: string, content: VolumeContent] {
  const [program, ...words] = [...command, ...args];
  const [from, to, ...more] = words.filter((word) => !word.startsWith("-"));
  const mount = volumeMounts.find(({ mountPath }) => mountPath === to?.replace(/\/$/, ""));
  if (program !== "cp" || !/^\/model(\/\.?)?$/.test(from ?? "") || !mount || more.length > 0) {
    return refuse(`its init container "${name}" does not copy a model`, "UNSUPPORTED");
  }
  return [mount.name, { kind: "folder", folder: modelFolder(image) }];
}
