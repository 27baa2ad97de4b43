import { compareVersions } from "./judge.ts";

/** A fixture on which an older real one differs from 5.8.1, which settled it. */
interface KnownDifference {
  readonly fixture: string;
  /** The first version that renders as 5.8.1 does. */
  readonly since: readonly number[];
  readonly why: string;
}

const KNOWN: readonly KnownDifference[] = [];

/** Why a judge of this version renders a fixture unlike 5.8.1; undefined when it does not. */
export function findKnownDifference(
  fixture: string,
  version: readonly number[],
): string | undefined {
  return KNOWN.find(
    (known) => known.fixture === fixture && compareVersions(version, known.since) < 0,
  )?.why;
}
