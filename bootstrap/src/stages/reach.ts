import { VersionApi } from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";
import { callApi } from "../kube/connection.ts";
import { checkRights, readUser } from "../kube/rights.ts";
import type { Run } from "../run.ts";
import { checkRuntimes, readRuntimes } from "./check-runtimes.ts";

/**
 * The model's image is mounted as a volume: feature gate ImageVolume, on from 1.35 and stable in 1.36
 * (Kubernetes' pkg/features/kube_features.go).
 */
const OLDEST_MINOR = 35;
/** The newest that Argo CD 3.5 was tested with (its docs, operator-manual/tested-kubernetes-versions.md). */
const NEWEST_MINOR = 36;

/** The cluster answers, is of a version that Argo CD and our overlays know, and lets us install it. */
export async function reach({ connection, report }: Run): Promise<void> {
  const version = await callApi("read the version", connection.api(VersionApi).getCode());
  checkVersion(version.gitVersion, (text) => report.progress(text));
  const user = await readUser(connection);
  await checkRights(connection, user);
  report.progress(`user ${user} may install Argo CD`);
  checkRuntimes(await readRuntimes(connection));
}

/** Refuses what is too old, and says so of what is newer than was tested. */
export function checkVersion(version: string, say: (text: string) => void): void {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === undefined || Number(major) !== 1 || Number(minor) < OLDEST_MINOR) {
    throw new BootstrapError(
      `Cannot use this cluster: it runs Kubernetes ${version}, the overlays need v1.${OLDEST_MINOR} or newer, which mounts a model's image as a volume`,
      { code: "VERSION", next: `Upgrade it; Argo CD is tested up to v1.${NEWEST_MINOR}` },
    );
  }
  const untested = Number(minor) > NEWEST_MINOR;
  say(
    untested
      ? `Kubernetes ${version}: newer than v1.${NEWEST_MINOR}, the newest that Argo CD was tested with`
      : `Kubernetes ${version}`,
  );
}
