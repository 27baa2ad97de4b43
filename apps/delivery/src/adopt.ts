import { lstatSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allOrNothing } from "./all-or-nothing.ts";
import { DeliveryError } from "./errors.ts";
import { listGit, runGit } from "./git.ts";
import { readPins } from "./release/deploy.ts";

// A user or an organisation of GitHub: letters, digits and single hyphens, at most 39.
const OWNER = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;
const REGISTRY = "ghcr";
const FORGE = "github";

export interface Adoption {
  /** Whose the tree was. */
  readonly from: string;
  readonly to: string;
  /** The files that name the owner, from the root. */
  readonly files: readonly string[];
}

/** What `adopt` would change; throws DeliveryError BAD_ARGUMENT for a name that no owner can have. */
export function planAdoption(root: string, to: string): Adoption {
  if (!OWNER.test(to)) {
    const message = `Cannot adopt for "${to}": that is no user or organisation of GitHub`;
    throw new DeliveryError(message, { code: "BAD_ARGUMENT" });
  }
  const from = findOwner(root);
  const isOwned = createOwned(from);
  const files =
    from === to.toLowerCase()
      ? []
      : listGit(root, ["ls-files"]).filter((file) => isOwned.test(readText(join(root, file))));
  return { from, to, files };
}

/** Of a file; nothing of what is no text (as Git tells it, by a NUL), of a link or of a repository in this one. */
function readText(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return "";
  const bytes = readFileSync(path);
  return bytes.includes(0) ? "" : bytes.toString("utf8");
}

/** Writes the files of a plan and commits them; where that fails they are as they were. Gives the commit. */
export function commitAdoption(root: string, plan: Adoption): string {
  return allOrNothing(root, "adopt", () => {
    writeAdoption(root, plan);
    return commitAll(root, `chore: adopt for ${plan.to}`);
  });
}

/** Names of images are in lower case, as registries want them. */
function writeAdoption(root: string, { from, to, files }: Adoption): void {
  const owned = createOwned(from);
  for (const file of files) {
    const path = join(root, file);
    const text = readFileSync(path, "utf8").replaceAll(
      new RegExp(owned, "gi"),
      (_, host: string) => `${host}${host.startsWith(REGISTRY) ? to.toLowerCase() : to}`,
    );
    writeFileSync(path, text);
  }
}

/** Refuses where Git has no name or address for the commit that follows. */
export function requireIdentity(root: string, what: string): void {
  try {
    for (const who of ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"]) runGit(root, ["var", who]);
  } catch (error) {
    const message = `Cannot ${what}: Git does not know who commits; set git config user.name "Ada" and git config user.email ada@example.org`;
    throw new DeliveryError(message, { code: "GIT", cause: error });
  }
}

/** Commits all that changed of what Git knows. */
export function commitAll(root: string, message: string): string {
  runGit(root, ["commit", "--quiet", "--all", "--message", message]);
  return runGit(root, ["rev-parse", "--short", "HEAD"]).trim();
}

/** The owner, in lower case, whose registry the base takes the page from. */
function findOwner(root: string): string {
  const pin = readPins(join(root, "gitops")).find(({ role }) => role === "app-stable");
  const [, owner] = /^ghcr\.io\/([^/]+)\//.exec(pin?.image ?? "") ?? [];
  if (owner !== undefined) return owner.toLowerCase();
  const message = `Cannot adopt: gitops/base/kustomization.yaml takes app-stable from "${pin?.image}"`;
  throw new DeliveryError(message, { code: "BAD_FILE" });
}

/** Finds the owner behind a host; in an expression the dot and the slash may be escaped. */
function createOwned(owner: string): RegExp {
  const slash = "\\\\?/";
  const dot = "\\\\?\\.";
  const hosts = `(?:${REGISTRY}${dot}io|${FORGE}${dot}com)`;
  return new RegExp(`(${hosts}${slash})${RegExp.escape(owner)}(?=[\\\\)]*/)`, "i");
}
