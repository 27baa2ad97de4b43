import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describeFailure } from "@hookline/command-line";
import { z } from "zod";
import { DeliveryError } from "../errors.ts";
import { listGit, runGit } from "../git.ts";
import { type Commit, parseCommit } from "./commits.ts";
import { type Library, type Repository, readTags } from "./plan.ts";
import { findNewest, formatVersion } from "./semantic-version.ts";

const Versioned = z.object({ version: z.string() });

/** A path of what is not published: a change there is no reason for a release. */
const UNPUBLISHED = [":(exclude)*.test.ts", ":(exclude)*/testdata/*", ":(exclude)*/bench/*"];

/** The programs that become images: those with a Dockerfile. */
export function listPrograms(root: string): string[] {
  return listFolders(join(root, "apps")).filter((name) =>
    existsSync(join(root, "apps", name, "Dockerfile")),
  );
}

/** Reads what a plan needs from a checkout with all its tags. Throws DeliveryError GIT, BAD_FILE. */
export function readRepository(root: string): Repository {
  const tags = listGit(root, ["tag", "--list"]);
  const models = join(root, "apps/model-service/models");
  return {
    head: runGit(root, ["rev-parse", "HEAD"]).trim(),
    tags,
    tagsAtHead: listGit(root, ["tag", "--points-at", "HEAD"]),
    commits: readCommitsSince(root, findLastTag(tags, "v")),
    programs: listPrograms(root).map((name) => ({
      name,
      version: readVersion(join(root, "apps", name, "package.json")),
    })),
    models: listFolders(models)
      .filter((folder) => existsSync(join(models, folder, "card.json")))
      .map((folder) => ({ folder, version: readVersion(join(models, folder, "card.json")) })),
    libraries: listFolders(join(root, "packages")).map((name) => readLibrary(root, name, tags)),
  };
}

/** The commits up to another one after a tag, newest first; all of them without a tag. */
export function readCommitsSince(root: string, tag: string | undefined, to = "HEAD"): Commit[] {
  const range = tag === undefined ? to : `${tag}..${to}`;
  // A record ends with NUL: a message may hold anything else.
  return runGit(root, ["log", "--format=%H%n%B%x00", range])
    .split("\0")
    .map((record) => record.trim())
    .filter((record) => record !== "")
    .map((record) => {
      const end = record.indexOf("\n");
      return parseCommit(record.slice(0, end), record.slice(end + 1));
    });
}

function readLibrary(root: string, name: string, tags: readonly string[]): Library {
  const last = findLastTag(tags, `${name}-v`);
  const paths = [`packages/${name}`, ...UNPUBLISHED];
  return {
    name,
    version: readVersion(join(root, "packages", name, "package.json")),
    changes:
      last === undefined
        ? 0
        : listGit(root, ["log", "--format=%H", `${last}..HEAD`, "--", ...paths]).length,
  };
}

function findLastTag(tags: readonly string[], prefix: string): string | undefined {
  const newest = findNewest(readTags(tags, prefix));
  return newest === undefined ? undefined : `${prefix}${formatVersion(newest)}`;
}

function readVersion(file: string): string {
  try {
    return Versioned.parse(JSON.parse(readFileSync(file, "utf8"))).version;
  } catch (error) {
    const why = error instanceof z.ZodError ? "it has no version" : describeFailure(error);
    const message = `Cannot read the version in ${file}: ${why}`;
    throw new DeliveryError(message, { code: "BAD_FILE", cause: error });
  }
}

function listFolders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name)))
    .map(({ name }) => name)
    .sort();
}
