// What a commit releases, and why: decided from tags and files alone, so that a case is a row of a table.
import { DeliveryError } from "../errors.ts";
import { type Commit, proposeVersion } from "./commits.ts";
import { listImageTags } from "./image-tags.ts";
import {
  compareVersions,
  findNewest,
  formatVersion,
  parseVersion,
  type SemanticVersion,
} from "./semantic-version.ts";

/** What a plan is made from. */
export interface Repository {
  /** The commit, in full. */
  readonly head: string;
  /** Names of all tags, and of those at the commit. */
  readonly tags: readonly string[];
  readonly tagsAtHead: readonly string[];
  /** Commits since the newest tag `v*`, newest first. */
  readonly commits: readonly Commit[];
  /** The programs that become images, with the versions of their package.json. */
  readonly programs: readonly { readonly name: string; readonly version: string }[];
  /** The model folders, with the versions of their cards. */
  readonly models: readonly { readonly folder: string; readonly version: string }[];
  readonly libraries: readonly Library[];
}

export interface Library {
  /** The folder's name in packages/. */
  readonly name: string;
  readonly version: string;
  /** Commits since its last tag that touched what is published. */
  readonly changes: number;
}

/** An image to be pushed. */
export interface ImageRelease {
  readonly image: string;
  readonly version: string;
  readonly tags: readonly string[];
  readonly why: string;
  /** The Dockerfile; the root of the repository is the context. */
  readonly file: string;
  /** For a model: the folder that becomes the image. */
  readonly folder?: string;
}

/** A library to be published. */
export interface LibraryRelease {
  readonly library: string;
  readonly version: string;
  readonly tag: string;
  readonly why: string;
}

export interface Plan {
  readonly head: string;
  readonly images: readonly ImageRelease[];
  readonly libraries: readonly LibraryRelease[];
  /** The libraries that stay as they were published. */
  readonly published: readonly { readonly library: string; readonly version: string }[];
  /** What is not released, a sentence each. */
  readonly kept: readonly string[];
}

const PROGRAMS_TAG = "v";
const MODEL_TAG = "model-v";

/** Plans what a commit releases; throws DeliveryError WRONG_VERSION where a tag and the files disagree. */
export function planRelease(repository: Repository): Plan {
  const programs = planPrograms(repository);
  const models = planModels(repository);
  const libraries = repository.libraries.map((library) => planLibrary(library, repository.tags));
  const published = libraries.filter((each) => !("tag" in each));
  return {
    head: repository.head,
    images: [...programs, ...models],
    libraries: libraries.filter((each) => "tag" in each),
    published,
    kept: [
      ...(programs.length === 0 ? [explainNoPrograms(repository)] : []),
      ...published.map(({ library, version }) => `${library}: unchanged since ${version}`),
    ],
  };
}

/** The versions that tags of one kind name. */
export function readTags(tags: readonly string[], prefix: string): SemanticVersion[] {
  return tags.flatMap((tag) => {
    const version = tag.startsWith(prefix) ? parseVersion(tag.slice(prefix.length)) : undefined;
    return version === undefined ? [] : [version];
  });
}

function planPrograms({ tags, tagsAtHead, programs }: Repository): ImageRelease[] {
  return readTags(tagsAtHead, PROGRAMS_TAG).flatMap((version) => {
    const text = formatVersion(version);
    const why = `the commit is tagged ${PROGRAMS_TAG}${text}`;
    for (const program of programs) requireVersion(program, text);
    const imageTags = listImageTags(version, readTags(tags, PROGRAMS_TAG));
    return programs.map(({ name }) => {
      const file = `apps/${name}/Dockerfile`;
      return { image: name, version: text, tags: imageTags, why, file };
    });
  });
}

function requireVersion(program: Repository["programs"][number], wanted: string): void {
  if (program.version === wanted) return;
  const is = `apps/${program.name}/package.json says ${program.version}`;
  const message = `Cannot release v${wanted}: ${is}; run "release prepare ${wanted}" and tag that commit`;
  throw new DeliveryError(message, { code: "WRONG_VERSION" });
}

function planModels({ tags, tagsAtHead, models }: Repository): ImageRelease[] {
  return readTags(tagsAtHead, MODEL_TAG).map((version) => {
    const text = formatVersion(version);
    const model = models.find((each) => each.version === text);
    if (model === undefined) {
      const there = models.map((each) => `${each.folder} ${each.version}`).join(", ");
      const message = `Cannot release model ${text}: no card has that version (${there})`;
      throw new DeliveryError(message, { code: "WRONG_VERSION" });
    }
    return {
      image: "model",
      version: text,
      tags: listImageTags(version, readTags(tags, MODEL_TAG)),
      why: `the commit is tagged ${MODEL_TAG}${text}`,
      file: "apps/model-service/models/Dockerfile",
      folder: model.folder,
    };
  });
}

function explainNoPrograms({ tags, commits }: Repository): string {
  const last = findNewest(readTags(tags, PROGRAMS_TAG));
  if (last === undefined)
    return "programs: the commit has no tag v*.*.*, and there was none before";
  if (commits.length === 0) return `programs: nothing since v${formatVersion(last)}`;
  const next = formatVersion(proposeVersion(last, commits));
  const count = `${commits.length} ${commits.length === 1 ? "commit" : "commits"}`;
  return `programs: the commit has no tag v*.*.*; its ${count} since v${formatVersion(last)} ask for v${next}`;
}

/** The release of a library, or the one it had where nothing changed. */
function planLibrary(
  library: Library,
  tags: readonly string[],
): LibraryRelease | Plan["published"][number] {
  const { name, changes } = library;
  const written = parseVersion(library.version);
  if (written === undefined) {
    const message = `Cannot release ${name}: its package.json has the version "${library.version}"`;
    throw new DeliveryError(message, { code: "WRONG_VERSION" });
  }
  const last = findNewest(readTags(tags, `${name}-v`));
  const release = (version: SemanticVersion, why: string): LibraryRelease => {
    const text = formatVersion(version);
    return { library: name, version: text, tag: `${name}-v${text}`, why };
  };
  if (last === undefined) return release(written, "it was never released");
  if (compareVersions(written, last) > 0) {
    return release(written, `its package.json was raised from ${formatVersion(last)}`);
  }
  if (changes === 0) return { library: name, version: formatVersion(last) };
  const count = `${changes} ${changes === 1 ? "commit" : "commits"}`;
  return release(
    { ...last, patch: last.patch + 1 },
    `${count} since ${formatVersion(last)} changed it`,
  );
}
