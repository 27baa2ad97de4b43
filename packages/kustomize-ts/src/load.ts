import { posix } from "node:path";
import { type Clone, cloneRepo } from "./clone-repo.ts";
import { BuildError } from "./errors.ts";
import { diskFileSystem, type FileSystem } from "./file-system.ts";
import { parseRepoSpec, type RepoSpec } from "./repo-spec.ts";

/** Larger files than this nobody wants to render; they would be held in memory several times. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** Whether a kustomization may read files outside of its own folder: `root-only` refuses it. */
export type LoadRestrictor = "none" | "root-only";

/** What the loaders of a build share. */
export interface LoadSettings {
  readonly fs: FileSystem;
  readonly restrictor: LoadRestrictor;
  readonly allowRemote: boolean;
  /** Collects the checkouts, which are removed when the build ends. */
  readonly clones: Clone[];
  /** Collects what is to be told although the build goes on. */
  readonly warnings: string[];
}

/** Reads the files of one folder, and knows the folders that led to it. */
export interface Loader {
  readonly root: string;
  readonly settings: LoadSettings;
  readonly referrer: Loader | undefined;
  /** Where the folder came from, when it was fetched. */
  readonly repo: { readonly spec: RepoSpec; readonly directory: string } | undefined;
}

/** A loader for the folder where a build begins; errors name it as it was `given`. */
export function createLoader(path: string, settings: LoadSettings, given = path): Loader {
  const spec = parseRepoSpec(path);
  if (spec !== undefined) return createRepoLoader(spec, { settings, referrer: undefined });
  const root = confirmDirectory(settings.fs, path, given);
  return { root, settings, referrer: undefined, repo: undefined };
}

/** A loader for a folder that a kustomization names; refuses to go round in circles. */
export function createSubLoader(loader: Loader, path: string): Loader {
  const { settings } = loader;
  if (path === "") throw new BuildError("NOT_A_DIRECTORY", "new root cannot be empty");
  const spec = parseRepoSpec(path);
  if (spec !== undefined) {
    refuseRepoCycle(loader, spec);
    return createRepoLoader(spec, { settings, referrer: loader });
  }
  if (path.startsWith("/")) {
    throw new BuildError("OUTSIDE_ROOT", `new root '${path}' cannot be absolute`);
  }
  const root = confirmDirectory(settings.fs, joinPath(loader.root, path));
  refuseLeavingRepo(loader, root);
  refuseCycle(loader, root);
  return { root, settings, referrer: loader, repo: undefined };
}

/** As Go joins: no slash stays at the end. */
function joinPath(root: string, path: string): string {
  return posix.join(root, path).replace(/(.)\/$/, "$1");
}

function createRepoLoader(
  spec: RepoSpec,
  { settings, referrer }: { settings: LoadSettings; referrer: Loader | undefined },
): Loader {
  if (!settings.allowRemote) throw refuseRemote(spec.raw);
  if (/^git::/i.test(spec.raw)) settings.warnings.push(FORCED_PROTOCOL);
  const clone = cloneRepo(spec);
  settings.clones.push(clone);
  const path = posix.join(clone.directory, spec.path);
  const target = settings.fs.stat(path);
  if (target === undefined) {
    throw new BuildError("NOT_A_DIRECTORY", describeMissing(settings.fs, path));
  }
  if (target.kind === "file") {
    const message = `'${path}' refers to file '${posix.basename(path)}'; expecting directory`;
    throw new BuildError("NOT_A_DIRECTORY", message);
  }
  if (!isInside(target.path, clone.directory)) {
    const message = `"${path}" refers to directory outside of repo "${clone.directory}"`;
    throw new BuildError("OUTSIDE_ROOT", message);
  }
  const inner: LoadSettings = { ...settings, restrictor: "root-only" };
  return {
    root: target.path,
    settings: inner,
    referrer,
    repo: { spec, directory: clone.directory },
  };
}

const FORCED_PROTOCOL =
  "Warning: Forcing the git protocol using the 'git::' URL prefix is not supported. Kustomize currently " +
  "strips this invalid prefix, but will stop doing so in a future release. Please remove the 'git::' " +
  "prefix from your configuration.";

function refuseRemote(path: string): BuildError {
  const message = `Cannot load "${path}": it is remote, and remote resources are not allowed (--allow-remote)`;
  return new BuildError("REMOTE_DISABLED", message);
}

/** The folder with its links resolved. */
function confirmDirectory(fs: FileSystem, path: string, given = path): string {
  const found = fs.stat(path);
  if (found?.kind === "directory") return found.path;
  const reason =
    found === undefined
      ? `not a valid directory: ${describeMissing(fs, path, given)}`
      : `'${given}': file is not directory`;
  throw new BuildError("NOT_A_DIRECTORY", `must build at directory: ${reason}`);
}

/** In the words of the real one, which differ between a disk and files in memory (kyaml/filesys). */
function describeMissing(fs: FileSystem, path: string, given = path): string {
  if (fs !== diskFileSystem) return `'${given}' doesn't exist`;
  return `evalsymlink failure on '${given}' : lstat ${findMissing(fs, path)}`;
}

/** The first part of a path that is not there, and why. */
function findMissing(fs: FileSystem, path: string): string {
  let at = "";
  for (const part of path.split("/").slice(1)) {
    const isFile = at !== "" && fs.stat(at)?.kind === "file";
    at = `${at}/${part}`;
    if (isFile) return `${at}: not a directory`;
    if (fs.stat(at) === undefined) break;
  }
  return `${at}: no such file or directory`;
}

/** Whether a path is a folder or below it. */
function isInside(path: string, directory: string): boolean {
  return directory === "/" || path === directory || path.startsWith(`${directory}/`);
}

function refuseCycle(loader: Loader, candidate: string): void {
  for (let at: Loader | undefined = loader; at !== undefined; at = at.referrer) {
    if (!isInside(at.root, candidate)) continue;
    const message = `cycle detected: candidate root '${candidate}' contains visited root '${at.root}'`;
    throw new BuildError("CYCLE", message);
  }
}

function refuseRepoCycle(loader: Loader, spec: RepoSpec): void {
  for (let at: Loader | undefined = loader; at !== undefined; at = at.referrer) {
    if (at.repo === undefined || !at.repo.spec.raw.startsWith(spec.raw)) continue;
    const message = `cycle detected: URI '${spec.raw}' referenced by previous URI '${at.repo.spec.raw}'`;
    throw new BuildError("CYCLE", message);
  }
}

function refuseLeavingRepo(loader: Loader, candidate: string): void {
  let at: Loader | undefined = loader;
  while (at !== undefined && at.repo === undefined) at = at.referrer;
  if (at?.repo === undefined || isInside(candidate, at.repo.directory)) return;
  const message =
    "security; bases in kustomizations found in cloned git repos must be within the repo, " +
    `but base '${candidate}' is outside '${at.repo.directory}'`;
  throw new BuildError("OUTSIDE_ROOT", message);
}

/** Whether the path is an address of the web. */
export function isRemoteFile(path: string): boolean {
  return /^https?:/i.test(path);
}

/** Reads a file that a kustomization names; refuses what lies outside of its folder. */
export function loadBytes(loader: Loader, path: string): Uint8Array {
  if (isRemoteFile(path)) {
    if (!loader.settings.allowRemote) throw refuseRemote(path);
    throw new BuildError("REMOTE_FAILED", "URL is a git repository", { file: path });
  }
  const absolute = path.startsWith("/") ? posix.normalize(path) : joinPath(loader.root, path);
  const { fs, restrictor } = loader.settings;
  const isOpen = restrictor === "none";
  const found = fs.stat(absolute);
  if (found === undefined) {
    const message = isOpen ? describeUnopened(fs, absolute) : describeMissing(fs, absolute);
    throw new BuildError("FILE_NOT_FOUND", message, { file: path });
  }
  if (found.kind === "directory") {
    const message = isOpen ? describeFolder(fs, absolute) : `'${absolute}' must resolve to a file`;
    throw new BuildError("FILE_NOT_FOUND", message, { file: path });
  }
  if (!isOpen && !isInside(found.path, loader.root)) {
    const message = `security; file '${absolute}' is not in or below '${loader.root}'`;
    throw new BuildError("OUTSIDE_ROOT", message, { file: path });
  }
  return readBytes(loader, found.path, path);
}

/** Without the restriction the real one opens the file at once, and says what that came to. */
function describeUnopened(fs: FileSystem, path: string): string {
  if (fs !== diskFileSystem) return describeMissing(fs, path);
  return `open ${path}: ${findMissing(fs, path).split(": ").at(-1)}`;
}

function describeFolder(fs: FileSystem, path: string): string {
  return fs === diskFileSystem
    ? `read ${path}: is a directory`
    : `cannot read content from non-file '${path}'`;
}

function readBytes({ settings }: Loader, real: string, path: string): Uint8Array {
  const bytes = settings.fs.readFile(real);
  if (bytes === undefined) {
    throw new BuildError("FILE_NOT_FOUND", `'${real}' cannot be read`, { file: path });
  }
  if (bytes.byteLength > MAX_FILE_BYTES) {
    const message = `Cannot read '${real}': it has ${bytes.byteLength} bytes, at most ${MAX_FILE_BYTES} are read`;
    throw new BuildError("FILE_TOO_LARGE", message, { file: path });
  }
  return bytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function invalidText(file: string, cause: unknown): BuildError {
  return new BuildError("NOT_UTF8", "yaml: invalid leading UTF-8 octet", { file, cause });
}

/** Reads a file as text. */
export function loadText(loader: Loader, path: string): string {
  const bytes = loadBytes(loader, path);
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw invalidText(path, cause);
  }
}

export type { FileSystem } from "./file-system.ts";
