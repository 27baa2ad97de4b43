import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeFailure } from "@hookline/command-line";
import type { CommandOptions } from "../command-options.ts";
import { DeliveryError } from "../errors.ts";
import { listGit } from "../git.ts";
import { renderNotes } from "./commits.ts";
import { deployRelease, parsePushed } from "./deploy.ts";
import { type Plan, planRelease, readTags } from "./plan.ts";
import { listPrograms, readCommitsSince, readRepository } from "./read-repository.ts";
import { compareVersions, formatVersion, parseVersion } from "./semantic-version.ts";
import { setComposeVersions, setVersion } from "./set-versions.ts";

const HELP = `Usage: bun run release COMMAND ... [--json]

Commands:
  plan                what this commit releases: images by its tags, libraries by what changed, and why
  prepare VERSION     writes the version into the package.json of each program, and into compose.yaml
  notes TAG           release notes from the commits since the tag before it
  libraries           writes the versions of the plan into packages/*/package.json, to be packed
  deploy FILE         pins the images of FILE, {"version", "digests": {"app": "sha256:…"}}, in gitops/:
                      at the canary and in the shadow; what everybody gets changes by a promotion

Nothing is pushed or committed: after prepare commit and tag, after deploy bun run render and commit.
--json prints JSON; --help prints this.
A wrong call ends with 2, any other failure with 1.
`;

/** Runs `release …`; throws DeliveryError. */
export function runRelease(words: readonly string[], { root, print }: CommandOptions): void {
  const { command, rest, json, help } = parse(words);
  if (help) {
    print(HELP);
    return;
  }
  const [first] = rest;
  const say = (value: object, text: string): void => {
    print(json ? `${JSON.stringify(value)}\n` : text);
  };
  if (command === "plan") {
    const plan = planRelease(readRepository(root));
    say(plan, formatPlan(plan));
  } else if (command === "prepare") {
    const version = require(first, "prepare VERSION");
    const files = prepare(root, version);
    const tag = `git tag v${version}`;
    const next =
      files.length === 0
        ? `all have ${version} already; next: ${tag}, push it\n`
        : `next: commit, ${tag}, push both\n`;
    say({ files }, `${files.map((file) => `${file}\n`).join("")}${next}`);
  } else if (command === "notes") {
    const notes = writeNotes(root, require(first, "notes TAG"));
    say({ notes }, notes);
  } else if (command === "libraries") {
    const { libraries } = stampLibraries(root);
    say({ libraries }, libraries.map(({ tag }) => `${tag}\n`).join(""));
  } else if (command === "deploy") {
    const pushed = parsePushed(readPushed(require(first, "deploy FILE")));
    const roles = deployRelease(root, pushed);
    const next =
      roles.length === 0
        ? "nothing to do: it is so already\n"
        : "next: bun run render, commit, push\n";
    say({ roles }, `${roles.map((role) => `${role} ${pushed.version}\n`).join("")}${next}`);
  } else {
    const why = command === undefined ? "expected a command" : `there is no command "${command}"`;
    throw badArgument(why);
  }
}

function parse(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const [command, ...rest] = positionals;
    if (rest.length > 1) throw badArgument(`"${rest[1]}" is one word too many`);
    return { command, rest, ...values };
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw badArgument(describeFailure(error), error);
  }
}

function badArgument(why: string, cause?: unknown): DeliveryError {
  const message = `Cannot read the arguments: ${why}; see bun run release --help`;
  return new DeliveryError(message, { code: "BAD_ARGUMENT", cause });
}

function require(word: string | undefined, usage: string): string {
  if (word === undefined) throw badArgument(`expected "${usage}"`);
  return word;
}

/** The plan as people read it. */
function formatPlan({ images, libraries, kept }: Plan): string {
  const lines = [
    ...images.map(({ image, tags, why }) => `image    ${image}: ${tags.join(", ")} (${why})`),
    ...libraries.map(({ library, version, why }) => `library  ${library} ${version} (${why})`),
    ...kept.map((sentence) => `nothing  ${sentence}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function prepare(root: string, version: string): string[] {
  if (parseVersion(version) === undefined) {
    throw badArgument(`"${version}" is no version such as 1.2.3`);
  }
  const programs = listPrograms(root);
  const files = programs
    .map((name) => `apps/${name}/package.json`)
    .filter((file) => setVersion(join(root, file), version));
  const isComposeChanged = setComposeVersions(join(root, "compose.yaml"), { programs, version });
  return isComposeChanged ? [...files, "compose.yaml"] : files;
}

function readPushed(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const message = `Cannot read the digests: there is no file "${file}" that can be read`;
    throw new DeliveryError(message, { code: "BAD_FILE", cause: error });
  }
}

function writeNotes(root: string, tag: string): string {
  const version = parseVersion(tag.replace(/^v/, ""));
  if (!tag.startsWith("v") || version === undefined) {
    throw badArgument(`"${tag}" is no tag such as v1.2.3`);
  }
  const tags = listGit(root, ["tag", "--list"]);
  if (!tags.includes(tag)) {
    const message = `Cannot write the notes: there is no tag "${tag}"; set it, or fetch tags`;
    throw new DeliveryError(message, { code: "GIT" });
  }
  const before = readTags(tags, "v")
    .filter((other) => other.prerelease === "" && compareVersions(other, version) < 0)
    .toSorted(compareVersions)
    .at(-1);
  const from = before === undefined ? undefined : `v${formatVersion(before)}`;
  return renderNotes(readCommitsSince(root, from, tag));
}

/** Each library gets the version that it has or will have: one that names another names a published one. */
function stampLibraries(root: string): Plan {
  const plan = planRelease(readRepository(root));
  for (const { library, version } of [...plan.libraries, ...plan.published]) {
    setVersion(join(root, "packages", library, "package.json"), version);
  }
  return plan;
}
