import type { Repository } from "./applications.ts";
import { BootstrapError } from "./errors.ts";
import { type Options, readOptionFile } from "./options.ts";
import { PUBLISHED } from "./root.ts";
import type { RepositoryAccess } from "./run.ts";

interface ChosenRepository {
  readonly repository: Repository;
  readonly access: RepositoryAccess;
}

/**
 * What Argo CD is to pull and with what: --repo, else the remote `cluster`, else `origin`, else
 * the published one. Refuses a token for SSH and a key for HTTPS, and an address that only this
 * machine understands.
 */
export async function chooseRepository(options: Options, root: string): Promise<ChosenRepository> {
  if (options.repo !== undefined && dropSecret(options.repo) !== options.repo) {
    const reason = "its name or password would stand in the cluster for all to read";
    throw refuse(dropSecret(options.repo), `${reason}: --token-file FILE takes a token`);
  }
  const remote = async () => (await readRemote(root, "cluster")) ?? readRemote(root, "origin");
  const url = dropSecret(options.repo ?? (await remote()) ?? PUBLISHED.url);
  const ssh = url.startsWith("ssh://") || /^[^/:]+@[^/:]+:/.test(url);
  if (!ssh && !/^https?:\/\//.test(url)) {
    throw refuse(url, "the cluster cannot read it: it is neither ssh:// nor https://");
  }
  if (ssh && options.tokenFile !== undefined) throw refuse(url, "SSH takes --deploy-key, no token");
  if (!ssh && options.deployKey !== undefined)
    throw refuse(url, "HTTPS takes --token-file, no key");
  return {
    repository: { url, revision: options.revision ?? PUBLISHED.revision },
    access: ssh ? readSshAccess(options, root) : readHttpAccess(options, root),
  };
}

/** The address without what only this user's Git may know: a token can be either part of `name:password@`. */
function dropSecret(url: string): string {
  return url.replace(/^(https?:\/\/)[^/]*@/i, "$1").replace(/^(ssh:\/\/[^/:]*):[^/]*@/i, "$1@");
}

function readSshAccess({ deployKey, knownHosts }: Options, root: string): RepositoryAccess {
  const key = readOptionFile(root, deployKey, "bootstrap/k3s/deploy-key");
  const hosts = readOptionFile(root, knownHosts, "bootstrap/k3s/known-hosts");
  return {
    ...(key === undefined ? {} : { deployKey: key }),
    ...(hosts === undefined ? {} : { knownHosts: hosts }),
  };
}

function readHttpAccess({ tokenFile }: Options, root: string): RepositoryAccess {
  const token = readOptionFile(root, tokenFile, undefined)?.trim();
  return token === undefined ? {} : { token };
}

/** The address of a remote of this checkout; undefined where there is none. */
export async function readRemote(root: string, name: string): Promise<string | undefined> {
  const git = Bun.spawn(["git", "remote", "get-url", name], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const text = (await new Response(git.stdout).text()).trim();
  return (await git.exited) === 0 && text !== "" ? text : undefined;
}

function refuse(url: string, reason: string): BootstrapError {
  return new BootstrapError(`Cannot give Argo CD ${url}: ${reason}`, {
    code: "REPOSITORY",
    next: "Name one with --repo, such as https://github.com/OWNER/hookline.git, or make Vagrant's with `bun run bootstrap remote`",
  });
}
