import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const K3S = resolve(import.meta.dirname, "../../k3s");
const STAND_INS = join(import.meta.dirname, "testdata/stand-ins");
const NODE_FILES = ["provision.sh", "versions.env", "config.yaml", "lib"];

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/**
 * A machine to throw away: this one's root under an overlay, in a mount namespace of its own.
 *
 * What a run changes lies in one folder, `changed`; systemd, k3s, buildah and the internet are stand-ins.
 */
export interface ThrowAwayRoot {
  readonly changed: string;
  /** The command line to start something in it, to be spawned by the caller. */
  enter(command: readonly string[]): string[];
  run(command: readonly string[]): Finished;
  provision(role: string, address: string): Finished;
  /** Puts a file in place, its path absolute inside. */
  write(path: string, content: string | Uint8Array, mode?: number): void;
  read(path: string): string;
  /** One line a path: kind, mode, content's hash. */
  describe(): readonly string[];
  remove(): void;
}

/** Why no such root can be made here; empty: it can. */
export function listMissing(): string[] {
  const tools = ["unshare", "git", "git-shell", "ssh-keygen", "useradd"];
  const missing = tools.filter((tool) => Bun.which(tool) === null);
  return process.getuid?.() === 0 ? missing : [...missing, "root"];
}

/** A node's file system over this machine's own, which stays as it is. Wants root and overlayfs. */
export function createThrowAwayRoot(): ThrowAwayRoot {
  const folder = mkdtempSync(join(tmpdir(), "hookline-node-"));
  const changed = join(folder, "changed");
  for (const name of ["changed", "work", "root"]) mkdirSync(join(folder, name));
  const enter = (command: readonly string[]) => [
    ...["unshare", "--mount", "--fork", "--kill-child", "bash", "-c"],
    `mount -t overlay overlay -o "lowerdir=/,upperdir=$0/changed,workdir=$0/work" "$0/root" &&
      mount --rbind /proc "$0/root/proc" && mount --rbind /dev "$0/root/dev" &&
      mount -t tmpfs tmpfs "$0/root/run" && mkdir "$0/root/run/sshd" &&
      exec chroot "$0/root" env -i PATH=/stand-ins:/usr/sbin:/usr/bin:/sbin:/bin WAIT_SECONDS=2 "$@"`,
    folder,
    ...command,
  ];
  const run = (command: readonly string[]): Finished => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(enter(command));
    return { code: exitCode, output: stdout.toString() + stderr.toString() };
  };
  const write = (path: string, content: string | Uint8Array, mode = 0o644) => {
    mkdirSync(dirname(join(changed, path)), { recursive: true });
    writeFileSync(join(changed, path), content);
    chmodSync(join(changed, path), mode);
  };
  const root: ThrowAwayRoot = {
    changed,
    enter,
    run,
    write,
    provision: (role, address) =>
      run(["/vagrant/bootstrap/k3s/provision.sh", role, address, "192.168.56.10"]),
    read: (path) => readFileSync(join(changed, path), "utf8"),
    describe: () => describeTree(changed),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  fill(root);
  return root;
}

/** The repository as Vagrant copies it, as much of it as a node reads, and the stand-ins. */
function fill(root: ThrowAwayRoot): void {
  for (const name of NODE_FILES) {
    cpSync(join(K3S, name), join(root.changed, "vagrant/bootstrap/k3s", name), { recursive: true });
  }
  cpSync(STAND_INS, join(root.changed, "stand-ins"), { recursive: true });
  const k3s = readFileSync(join(STAND_INS, "k3s"));
  const sum = new Bun.CryptoHasher("sha256").update(k3s).digest("hex");
  const versions = root.read("vagrant/bootstrap/k3s/versions.env");
  const pinned = versions.replace(/^(K3S_SHA256_\w+)=.*$/gm, `$1=${sum}`);
  root.write("vagrant/bootstrap/k3s/versions.env", pinned);
  // Debian draws it when the SSH server is installed.
  const hostKey = "/etc/ssh/ssh_host_ed25519_key.pub";
  if (!existsSync(hostKey)) root.write(hostKey, "ssh-ed25519 AAAA root@node\n");
  for (const name of ["k3s", "k3s-arm64"]) root.write(`stand-ins/internet/${name}`, k3s);
  root.write("vagrant/bootstrap/k3s/token", "0123456789abcdef", 0o600);
  for (const path of [
    "package.json",
    "bun.lock",
    ".dockerignore",
    "apps/one.ts",
    "packages/two.ts",
  ]) {
    root.write(`vagrant/${path}`, path);
  }
}

function describeTree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, uid, gid } = lstatSync(path);
      const name = path.slice(folder.length);
      const rights = `${mode.toString(8)} ${uid}:${gid}`;
      if (entry.isSymbolicLink()) return `${name} ${rights} → ${readlinkSync(path)}`;
      if (!entry.isFile()) return `${name} ${rights}`;
      return `${name} ${rights} ${Bun.hash(readFileSync(path)).toString(16)}`;
    })
    .toSorted();
}
