import type { Finding } from "./finding.ts";
import type { Deployment } from "./kinds.ts";
import type { Tree } from "./tree.ts";

type PodSpec = Deployment["spec"]["template"]["spec"];

/** Where the images that we build and release are. */
const OURS = "ghcr.io/hookline/";
/** Images of others, each pinned by the digest that its tag had when it was chosen. */
const OTHERS = [
  "docker.io/envoyproxy/ratelimit",
  "docker.io/library/redis",
  "docker.io/axllent/mailpit",
  "docker.io/jaegertracing/jaeger",
];
/** Images of others that have a fixed tag only, because nothing that we could read told the digest. */
const BY_TAG = ["quay.io/kiali/kiali"];

/** Every image has a fixed tag, and those of others a digest too; placeholders are all replaced. */
export function checkImages(tree: Tree): Finding[] {
  return tree.deployments.flatMap(({ metadata, spec }) =>
    listImages(spec.template.spec).flatMap((image) => {
      const wrong = findWrong(image);
      return wrong === undefined
        ? []
        : [
            {
              check: "images-pinned",
              resource: `Deployment/${metadata.name}`,
              message: `"${image}" ${wrong}`,
            },
          ];
    }),
  );
}

/** Those that run and those that are mounted, as a model is. */
function listImages({ containers, initContainers, volumes }: PodSpec): string[] {
  return [
    ...[...initContainers, ...containers].map(({ image }) => image),
    ...volumes.flatMap(({ image }) => image?.reference ?? []),
  ];
}

function findWrong(image: string): string | undefined {
  const [, name, tag, digest] =
    /^([^@]*?)(?::([^:@/]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  if (name === undefined) return "is not an image name";
  if (tag === undefined || !/\d/.test(tag)) return "has no fixed tag";
  if (name.startsWith(OURS)) return undefined;
  if (BY_TAG.includes(name)) return undefined;
  if (!OTHERS.includes(name)) return "is neither built by us nor listed";
  return digest === undefined ? "has no digest" : undefined;
}
