import type { SemanticVersion } from "./semantic-version.ts";

/** A commit as its subject tells it: `type(room)!: what`. */
export interface Commit {
  readonly hash: string;
  /** `feat`, `fix`, …; empty where the subject has another form. */
  readonly type: string;
  readonly room: string;
  readonly what: string;
  readonly isBreaking: boolean;
}

const SUBJECT = /^([a-z]+)(?:\(([^)]*)\))?(!)?: (.+)$/;
const BREAKING = /^BREAKING[ -]CHANGE: /m;

/** Reads one commit (https://www.conventionalcommits.org); a body may say that it breaks something. */
export function parseCommit(hash: string, message: string): Commit {
  const [subject = "", ...rest] = message.split("\n");
  const match = SUBJECT.exec(subject);
  const isBreaking = match?.[3] === "!" || BREAKING.test(rest.join("\n"));
  if (match === null) return { hash, type: "", room: "", what: subject, isBreaking };
  const [, type = "", room = "", , what = ""] = match;
  return { hash, type, room, what, isBreaking };
}

/**
 * The version that commits ask for after the last one: what breaks raises the major number (the minor
 * one before 1.0.0), a feature the minor, anything else the patch.
 */
export function proposeVersion(last: SemanticVersion, commits: readonly Commit[]): SemanticVersion {
  const { major, minor, patch } = last;
  const breaks = commits.some(({ isBreaking }) => isBreaking);
  if (breaks && major > 0) return { major: major + 1, minor: 0, patch: 0, prerelease: "" };
  if (breaks || commits.some(({ type }) => type === "feat")) {
    return { major, minor: minor + 1, patch: 0, prerelease: "" };
  }
  return { major, minor, patch: patch + 1, prerelease: "" };
}

const HEADINGS: readonly (readonly [heading: string, has: (commit: Commit) => boolean])[] = [
  ["Breaking", ({ isBreaking }) => isBreaking],
  ["New", ({ type, isBreaking }) => type === "feat" && !isBreaking],
  ["Mended", ({ type, isBreaking }) => type === "fix" && !isBreaking],
];

/** Release notes in Markdown: what breaks, what is new, what is mended; the rest as a count. */
export function renderNotes(commits: readonly Commit[]): string {
  const sections = HEADINGS.flatMap(([heading, has]) => {
    const lines = commits.filter(has).map(describeCommit);
    return lines.length === 0 ? [] : [`## ${heading}\n\n${lines.join("\n")}\n`];
  });
  const others = commits.filter((commit) => !HEADINGS.some(([, has]) => has(commit))).length;
  const rest = others === 0 ? [] : [`${others} other ${others === 1 ? "commit" : "commits"}.\n`];
  return [...sections, ...rest].join("\n");
}

function describeCommit({ hash, room, what }: Commit): string {
  return `- ${room === "" ? "" : `**${room}**: `}${what} (${hash.slice(0, 7)})`;
}
