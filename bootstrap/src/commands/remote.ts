import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Glob } from "bun";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { readRemote } from "../choose-repository.ts";
import { BootstrapError } from "../errors.ts";
import { VAGRANT_KUBECONFIG } from "../kube/kubeconfig.ts";
import type { CommandContext } from "./context.ts";

const NAME = "cluster";
const REPOSITORY = "/srv/git/hookline.git";
const KNOWN_HOSTS = "bootstrap/k3s/known-hosts";

const Kubeconfig = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.url() }) })]),
});

/**
 * Adds the Git remote `cluster`: the bare repository on Vagrant's control node, over SSH. Git has
 * no key for one remote alone, so its ssh reads a configuration of ours first, which speaks of
 * that host only and then includes this user's own: other remotes keep working.
 */
export async function remote({ root, report }: CommandContext): Promise<void> {
  const host = readHost(root);
  const url = `ssh://git@${host}${REPOSITORY}`;
  await writeSshConfig(root, host);
  const before = await readRemote(root, NAME);
  if (before === undefined) await git(root, "remote", "add", NAME, url);
  else if (before !== url) await git(root, "remote", "set-url", NAME, url);
  const what = before === undefined ? "added" : before === url ? "unchanged" : "changed";
  report.result(`remote ${NAME}: ${url} (${what})\nNext: git push ${NAME} main`, {
    name: NAME,
    url,
    what,
  });
}

async function writeSshConfig(root: string, host: string): Promise<void> {
  const key = await findKey(root);
  const file = resolve(root, await git(root, "rev-parse", "--git-path", "hookline-ssh-config"));
  await setSshCommand(root, `ssh -F '${file.replaceAll("'", "'\\''")}'`);
  await Bun.write(
    file,
    `# Written by \`bun run bootstrap remote\`.
Host ${host}
  IdentityFile "${key}"
  IdentitiesOnly yes
  UserKnownHostsFile "${join(root, KNOWN_HOSTS)}"
  StrictHostKeyChecking yes
Match all
Include ~/.ssh/config
Include /etc/ssh/ssh_config
`,
  );
}

/** The control node has one address for the cluster and for us: that of the API server. */
function readHost(root: string): string {
  const file = join(root, VAGRANT_KUBECONFIG);
  if (!existsSync(file)) throw refuse(`there is no ${VAGRANT_KUBECONFIG}`);
  const parsed = Kubeconfig.safeParse(readYaml(file));
  if (!parsed.success) throw refuse(`${VAGRANT_KUBECONFIG} names no API server`);
  return new URL(parsed.data.clusters[0].cluster.server).hostname;
}

/** Undefined where it is no YAML. */
function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof YAMLParseError) return undefined;
    throw error;
  }
}

async function findKey(root: string): Promise<string> {
  const keys = new Glob(".vagrant/machines/control/*/private_key").scan({ cwd: root, dot: true });
  for await (const key of keys) return join(root, key);
  throw refuse("Vagrant has made no key for the machine `control`");
}

/** Refuses to take the place of a command that the user has set; its own it renews. */
async function setSshCommand(root: string, command: string): Promise<void> {
  const now = await git(root, "config", "--local", "--default", "", "core.sshCommand");
  if (now === command) return;
  if (now !== "" && !now.includes("hookline-ssh-config")) {
    throw new BootstrapError(
      `Cannot add the remote "${NAME}": this checkout has a core.sshCommand of its own, "${now}"`,
      { code: "GIT", next: `Unset it, or let it read our configuration too: ${command}` },
    );
  }
  await git(root, "config", "--local", "core.sshCommand", command);
}

async function git(root: string, ...words: readonly string[]): Promise<string> {
  const child = Bun.spawn(["git", ...words], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, error] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) === 0) return text.trim();
  throw new BootstrapError(`Cannot add the remote "${NAME}": git ${words[0]}: ${error.trim()}`, {
    code: "GIT",
    next: "Run it in a checkout of the repository",
  });
}

function refuse(reason: string): BootstrapError {
  return new BootstrapError(`Cannot add the remote "${NAME}": ${reason}`, {
    code: "GIT",
    next: "Run `vagrant up` first; another cluster has no repository of its own: push where --repo says",
  });
}
