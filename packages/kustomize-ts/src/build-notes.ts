const DOMAIN = "internal.config.kubernetes.io";

/**
 * What a build notes on a resource while it runs. They are annotations of the resource itself, as
 * in the real one (api/internal/utils/annotations.go), because that can be seen: a JSON patch may
 * add to annotations that are there only for this reason, and a patch may delete them all.
 */
export const Note = {
  previousKinds: `${DOMAIN}/previousKinds`,
  previousNames: `${DOMAIN}/previousNames`,
  previousNamespaces: `${DOMAIN}/previousNamespaces`,
  prefixes: `${DOMAIN}/prefixes`,
  suffixes: `${DOMAIN}/suffixes`,
  allowNameChange: `${DOMAIN}/allowNameChange`,
  allowKindChange: `${DOMAIN}/allowKindChange`,
  refBy: `${DOMAIN}/refBy`,
  behavior: `${DOMAIN}/generatorBehavior`,
  needsHash: `${DOMAIN}/needsHashSuffix`,
  helmGenerated: `${DOMAIN}/helm-generated`,
  origin: "config.kubernetes.io/origin",
  transformations: "alpha.config.kubernetes.io/transformations",
} as const;

/** All that is taken off again at the end; some only other tools write. */
export const BUILD_NOTES: readonly string[] = [
  Note.previousKinds,
  Note.previousNames,
  Note.prefixes,
  Note.suffixes,
  Note.previousNamespaces,
  Note.allowNameChange,
  Note.allowKindChange,
  Note.refBy,
  Note.behavior,
  Note.needsHash,
  `${DOMAIN}/path`,
  `${DOMAIN}/index`,
  `${DOMAIN}/seqindent`,
  `${DOMAIN}/id`,
  `${DOMAIN}/annotations-migration-resource-id`,
  "config.kubernetes.io/path",
  "config.kubernetes.io/index",
  "config.k8s.io/id",
  Note.helmGenerated,
];
