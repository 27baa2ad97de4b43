import { BootstrapError } from "../errors.ts";

/** The name of an image, in its parts. */
export interface Reference {
  /** A host, with its port if it has one. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…`, of the index of all architectures where there is one. */
  readonly digest: string | undefined;
}

const DOCKER_HUB = "docker.io";
const PATTERN =
  /^(?:(?<registry>[a-z0-9-]+(?:[.:][a-z0-9.:-]+)|localhost)\/)?(?<repository>[a-z0-9._/-]+)(?::(?<tag>[\w][\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/**
 * Reads the name of an image as the kubelet does: without a registry it is Docker Hub's. Refuses
 * one without a tag: `latest` is another image tomorrow.
 */
export function parseReference(text: string): Reference {
  const { registry = DOCKER_HUB, repository, tag, digest } = PATTERN.exec(text)?.groups ?? {};
  if (repository === undefined) throw refuse(text, "that is no name of an image");
  if (tag === undefined) throw refuse(text, "it has no tag, which its archive is named by");
  const isOfficial = registry === DOCKER_HUB && !repository.includes("/");
  return {
    registry,
    repository: isOfficial ? `library/${repository}` : repository,
    tag,
    digest,
  };
}

/** What containerd files the image under: registry, repository and tag. */
export function renderName({ registry, repository, tag }: Reference): string {
  return `${registry}/${repository}:${tag}`;
}

function refuse(text: string, reason: string): BootstrapError {
  return new BootstrapError(`Cannot pull the image "${text}": ${reason}`, {
    code: "DOWNLOAD",
    next: "Name it as registry/repository:tag, with a digest behind it, in gitops/ or bootstrap/src/chart-images.ts",
  });
}
