import { compareVersions, formatVersion, type SemanticVersion } from "./semantic-version.ts";

/**
 * The tags of an image: `X.Y.Z`, and `X.Y`, `X`, `latest` where no newer release has them, so that a
 * mend of an old line does not take a tag from a newer one. A pre-release has its own tag only.
 */
export function listImageTags(
  version: SemanticVersion,
  released: readonly SemanticVersion[],
): string[] {
  const full = formatVersion(version);
  if (version.prerelease !== "") return [full];
  const newer = released.filter(
    (other) => other.prerelease === "" && compareVersions(other, version) > 0,
  );
  const inMajor = newer.filter(({ major }) => major === version.major);
  const inMinor = inMajor.filter(({ minor }) => minor === version.minor);
  return [
    full,
    ...(inMinor.length === 0 ? [`${version.major}.${version.minor}`] : []),
    ...(inMajor.length === 0 ? [`${version.major}`] : []),
    ...(newer.length === 0 ? ["latest"] : []),
  ];
}
