import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import type { Repository } from "./applications.ts";
import { BootstrapError } from "./errors.ts";
import type { Resource } from "./kube/resource.ts";
import type { RepositoryAccess } from "./run.ts";

const TIMEOUT_MS = 30_000;

/**
 * Asks the repository for the revision, as Argo CD will: with the same key or token and nothing
 * of this user's own. Refuses one that does not answer or has no such branch or tag. A commit
 * cannot be asked for; that the repository answers has to do.
 */
export async function checkRepository(
  { url, revision }: Repository,
  access: RepositoryAccess,
  { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hookline-repository-"));
  try {
    const git = Bun.spawn(["git", "ls-remote", url], {
      env: { ...process.env, ...(await buildGitEnvironment(url, access, folder)) },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      // A group of its own: who waits for the server is a program that git starts, and has our pipes too.
      detached: true,
    });
    const timer = setTimeout(() => killGroup(git.pid), timeoutMs);
    const forget = forgetOnSignal(folder, git.pid);
    const [text, error, status] = await Promise.all([
      new Response(git.stdout).text(),
      new Response(git.stderr).text(),
      git.exited,
    ]);
    forget();
    clearTimeout(timer);
    const late = `it did not answer within ${timeoutMs / 1000} s`;
    if (status !== 0) throw refuse(url, git.signalCode === null ? readReason(error) : late);
    checkRevision(url, revision, text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes the folder, which has the key in it, and what runs with it away before a signal ends us; gives what calls that off. */
function forgetOnSignal(folder: string, pid: number): () => void {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const off = () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    off();
    killGroup(pid);
    rmSync(folder, { recursive: true, force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return off;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

function checkRevision(url: string, revision: string, answer: string): void {
  const names = answer
    .split("\n")
    .flatMap((line) => /\trefs\/(?:heads|tags)\/(.+)$/.exec(line)?.[1] ?? []);
  if (revision === "HEAD" || /^[0-9a-f]{40}$/.test(revision) || names.includes(revision)) return;
  const has = names.length === 0 ? "it is empty" : `it has ${names.slice(0, 5).join(", ")}`;
  throw new BootstrapError(
    `Cannot give Argo CD ${url}: it has no branch or tag "${revision}"; ${has}`,
    {
      code: "REPOSITORY",
      next: `Push it first: git push ${url} HEAD:refs/heads/${revision}`,
    },
  );
}

async function buildGitEnvironment(
  url: string,
  { deployKey, token, knownHosts }: RepositoryAccess,
  folder: string,
): Promise<Record<string, string>> {
  // No configuration, key or agent of this user's: Argo CD has none of them.
  const ssh = ["ssh", "-F", "/dev/null"];
  const set = (...settings: readonly string[]) => {
    for (const setting of settings) ssh.push("-o", `'${setting}'`);
  };
  set("BatchMode=yes", "ConnectTimeout=15", "IdentityAgent=none");
  if (deployKey === undefined) set("PubkeyAuthentication=no");
  else {
    await writeFile(join(folder, "key"), deployKey, { mode: 0o600 });
    set(`IdentityFile="${join(folder, "key")}"`, "IdentitiesOnly=yes");
  }
  if (knownHosts !== undefined) {
    await writeFile(join(folder, "hosts"), knownHosts);
    set(`UserKnownHostsFile="${join(folder, "hosts")}"`, "StrictHostKeyChecking=yes");
  }
  const basic = Buffer.from(`git:${token}`).toString("base64");
  // By environment, so that the token is in no list of processes.
  const settings = [
    ["credential.helper", ""],
    // The longest address that another is put in place of wins.
    [`url.${url}.insteadOf`, url],
    ...(token === undefined ? [] : [[`http.${url}.extraHeader`, `Authorization: Basic ${basic}`]]),
  ];
  return {
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GIT_SSH_COMMAND: ssh.join(" "),
    GIT_CONFIG_COUNT: `${settings.length}`,
    ...Object.fromEntries(
      settings.flatMap(([key = "", value = ""], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function readReason(error: string): string {
  const lines = error.split("\n").filter((line) => line.trim() !== "");
  const telling = lines.find((line) => /^(fatal|ERROR|remote|ssh|.*Permission denied)/.test(line));
  return (telling ?? lines.at(-1) ?? "git gave no reason").replace(/^fatal: /, "");
}

function refuse(url: string, reason: string): BootstrapError {
  return new BootstrapError(`Cannot read the repository ${url}: ${reason}`, {
    code: "REPOSITORY",
    next: "Is the address right, and may this key or token read it? Give others with --repo, --deploy-key FILE, --known-hosts FILE or --token-file FILE",
  });
}

/** The Secret by which Argo CD knows the repository. `data` and not `stringData`: what is applied is what is kept. */
export function buildRepositorySecret(
  { url }: Repository,
  { deployKey, token }: RepositoryAccess,
): Resource {
  const text = {
    type: "git",
    url,
    ...(deployKey === undefined ? {} : { sshPrivateKey: deployKey }),
    ...(token === undefined ? {} : { username: "git", password: token }),
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "repository-hookline",
      namespace: ARGO_CD_NAMESPACE,
      labels: { "argocd.argoproj.io/secret-type": "repository" },
    },
    type: "Opaque",
    data: Object.fromEntries(
      Object.entries(text).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
    ),
  };
}
