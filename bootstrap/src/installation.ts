import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INSTALLATION } from "@hookline/argo-cd-manifests";
import { build, createMemoryFileSystem, type RenderedResource } from "@hookline/kustomize-ts";
import { z } from "zod";
import type { ChartMirror } from "./charts.ts";
import { downloadFile, readSha256 } from "./download-file.ts";
import { parseResource, type Resource } from "./kube/resource.ts";
import { withFolder } from "./with-folder.ts";

/** Where the installation lies in a prepared folder. */
export const PREPARED_INSTALLATION = `manifests/argo-cd-${INSTALLATION.version}.yaml`;

const KnownHosts = z.looseObject({ data: z.looseObject({ ssh_known_hosts: z.string() }) });

/** For another run that downloads the same file. */
const MOST_WAIT_MS = 30_000;

const TLS_CERTIFICATES = "argocd-tls-certs-cm";

interface ReadInstallationOptions {
  /** The root of the repository: gitops/platform/argo-cd is rendered, .cache keeps the download. */
  readonly root: string;
  readonly prepared: string;
  /** Lines for the hosts of the cluster's own Git, in the form of `ssh_known_hosts`. */
  readonly knownHosts?: string | undefined;
  /** Where charts come from instead, and whose certificate is to be believed there. */
  readonly charts?: ChartMirror | undefined;
  readonly onProgress?: (text: string) => void;
}

/**
 * Argo CD as it will manage itself, less its monitors, whose kind comes with a later wave. The
 * pinned file is taken from the prepared folder, else from the cache, else downloaded; its
 * checksum is compared each time.
 */
export async function readInstallation(options: ReadInstallationOptions): Promise<Resource[]> {
  const { root, knownHosts, charts } = options;
  return [
    buildNamespace(),
    ...renderInstallation(root, await findInstallation(options))
      .map(({ value }) => parseResource(value))
      .filter(({ kind }) => kind !== "ServiceMonitor")
      .map((resource) => addKnownHosts(resource, knownHosts))
      .map((resource) => addAuthority(resource, charts)),
  ];
}

/** What gitops/platform/argo-cd makes of the pinned file. */
export function renderInstallation(root: string, file: string): readonly RenderedResource[] {
  const folder = join(root, "gitops", "platform", "argo-cd");
  const files = new Map(
    readdirSync(folder).map((name) => [
      `/argo-cd/${name}`,
      readFileSync(join(folder, name), "utf8"),
    ]),
  );
  files.set("/argo-cd/install.yaml", readFileSync(file, "utf8"));
  // kustomize-ts reads no network: the address becomes the file that we have compared.
  const kustomization = files.get("/argo-cd/kustomization.yaml") ?? "";
  files.set("/argo-cd/kustomization.yaml", kustomization.replace(INSTALLATION.url, "install.yaml"));
  return build("/argo-cd", { fs: createMemoryFileSystem(files) }).resources;
}

/** The pinned file, wherever it is; the last place is the internet. */
export async function findInstallation({
  root,
  prepared,
  onProgress,
}: Pick<ReadInstallationOptions, "root" | "prepared" | "onProgress">): Promise<string> {
  const given = join(prepared, PREPARED_INSTALLATION);
  if (existsSync(given) && (await readSha256(given)) === INSTALLATION.sha256) return given;
  const { url, sha256 } = INSTALLATION;
  const cache = join(root, ".cache", "bootstrap");
  const file = join(cache, `argo-cd-${INSTALLATION.version}.yaml`);
  if (existsSync(file) && (await readSha256(file)) === sha256) return file;
  const fetch = () => downloadFile({ url, sha256, file }, onProgress ? { onProgress } : {});
  const fetched = await withFolder(cache, fetch, { waitMs: MOST_WAIT_MS });
  if (fetched) onProgress?.(`downloaded ${url}`);
  return file;
}

function buildNamespace(): Resource {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: INSTALLATION.namespace,
      // As the installation labels its own. One field must be ours: of an apply that sets none the
      // API server remembers nothing, and writes the namespace anew at the next one (seen with 1.36).
      labels: { "app.kubernetes.io/part-of": "argocd" },
    },
  };
}

function addKnownHosts(resource: Resource, knownHosts: string | undefined): Resource {
  if (knownHosts === undefined || resource.metadata.name !== "argocd-ssh-known-hosts-cm") {
    return resource;
  }
  const { data } = KnownHosts.parse(resource);
  return {
    ...resource,
    data: { ...data, ssh_known_hosts: `${data.ssh_known_hosts.trimEnd()}\n${knownHosts}` },
  };
}

/** Of a chart mirror that the cluster's own authority vouches for: Argo CD knows public ones only. */
function addAuthority(resource: Resource, charts: ChartMirror | undefined): Resource {
  if (charts?.authority === undefined || resource.metadata.name !== TLS_CERTIFICATES) {
    return resource;
  }
  return { ...resource, data: { [new URL(charts.url).hostname]: charts.authority } };
}
