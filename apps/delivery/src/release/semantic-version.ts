/** A version as https://semver.org has it, without build metadata. */
export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** What follows the hyphen; empty for a release. */
  readonly prerelease: string;
}

const NUMBER = "(0|[1-9]\\d*)";
const PART = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
const VERSION = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PART}(?:\\.${PART})*))?$`);

/** Reads `1.2.3` or `1.2.3-rc.1`; undefined for anything else. */
export function parseVersion(text: string): SemanticVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, major, minor, patch, prerelease = ""] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease };
}

/** "1.2.3" or "1.2.3-rc.1"; the way back from `parseVersion`. */
export function formatVersion({ major, minor, patch, prerelease }: SemanticVersion): string {
  return `${major}.${minor}.${patch}${prerelease === "" ? "" : `-${prerelease}`}`;
}

/**
 * Orders versions by precedence (semver.org, section 11): negative when the first one is older. Pre-releases of one
 * version have no order among themselves: they are compared with releases alone.
 */
export function compareVersions(left: SemanticVersion, right: SemanticVersion): number {
  return (
    left.major - right.major ||
    left.minor - right.minor ||
    left.patch - right.patch ||
    Number(right.prerelease !== "") - Number(left.prerelease !== "")
  );
}

/** The newest release among versions; pre-releases do not count. */
export function findNewest(versions: readonly SemanticVersion[]): SemanticVersion | undefined {
  return versions
    .filter(({ prerelease }) => prerelease === "")
    .toSorted(compareVersions)
    .at(-1);
}
