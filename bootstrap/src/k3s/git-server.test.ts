import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { createThrowAwayRoot, listMissing } from "./throw-away-root.ts";

const LONG = 120_000;
const SSHD = "/usr/sbin/sshd";
const hasServer = await Bun.file(SSHD).exists();
const missing = [...listMissing(), ...(hasServer ? [] : ["openssh-server"])];
if (missing.length > 0) {
  console.warn(`bootstrap/src/k3s: nothing is pushed over SSH, missing: ${missing.join(", ")}`);
}

// What provision.sh made, behind a real SSH server: who may push, who may read, and that neither gets a shell.
describe.skipIf(missing.length > 0)("the control node's Git", () => {
  const folder = mkdtempSync(join(tmpdir(), "hookline-git-"));
  const root = missing.length > 0 ? undefined : createThrowAwayRoot();
  let server: Subprocess | undefined;
  let port = 0;
  const work = join(folder, "work");
  const address = () => `ssh://git@127.0.0.1:${port}/srv/git/hookline.git`;

  beforeAll(async () => {
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(folder, "vagrant")]);
    const key = await Bun.file(join(folder, "vagrant.pub")).text();
    root?.write("/home/vagrant/.ssh/authorized_keys", key, 0o600);
    const provisioned = root?.provision("control", "192.168.56.10");
    expect([provisioned?.code, provisioned?.output]).toEqual([0, expect.stringContaining("done")]);
    writeFileSync(join(folder, "deploy"), root?.read("/etc/hookline/deploy-key") ?? "", {
      mode: 0o600,
    });
    port = await takeFreePort();
    // The server of the machine as Debian sets it up, but for where it listens.
    const options = ["-D", "-e", "-p", String(port), "-o", "ListenAddress=127.0.0.1"];
    server = Bun.spawn(root?.enter([SSHD, ...options]) ?? [], {
      stdout: "ignore",
      stderr: "ignore",
    });
    const known = (root?.read("/etc/hookline/known-hosts") ?? "").replace(
      /^\S+/,
      `[127.0.0.1]:${port}`,
    );
    writeFileSync(join(folder, "known-hosts"), known);
    await waitForPort(port);
    run(["git", "init", "--quiet", "--initial-branch=main", work]);
    commit("one");
  }, LONG);

  afterAll(async () => {
    server?.kill("SIGKILL");
    await server?.exited;
    root?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "takes a push with Vagrant's key, and gives it back with the deploy key",
    () => {
      const pushed = git("vagrant", ["-C", work, "push", address(), "main"]);
      expect([pushed.code, pushed.output]).toEqual([0, expect.stringContaining("main -> main")]);
      const copy = join(folder, "copy");
      expect(git("deploy", ["clone", "--quiet", address(), copy]).code).toBe(0);
      expect(run(["git", "-C", copy, "log", "--format=%s"]).output).toBe("one\n");
    },
    LONG,
  );

  test(
    "refuses a push with the deploy key",
    () => {
      commit("two");
      const { code, output } = git("deploy", ["-C", work, "push", address(), "main"]);
      expect([code, output]).toEqual([1, expect.stringContaining("failed to push")]);
      expect(git("vagrant", ["ls-remote", address(), "main"]).output).not.toContain(readHead());
    },
    LONG,
  );

  test(
    "refuses to rewrite what was pushed",
    () => {
      expect(git("vagrant", ["-C", work, "push", address(), "main"]).code).toBe(0);
      run(["git", "-C", work, "reset", "--quiet", "--hard", "HEAD~1"]);
      commit("another two");
      const { code, output } = git("vagrant", ["-C", work, "push", "--force", address(), "main"]);
      expect([code, output]).toEqual([1, expect.stringContaining("non-fast-forward")]);
    },
    LONG,
  );

  test.each(["vagrant", "deploy"])(
    "gives the %s key no shell",
    (key) => {
      const words = sshCommand(key).split(" ");
      const { code, output } = run([
        ...words,
        "-p",
        String(port),
        "git@127.0.0.1",
        "cat /etc/passwd",
      ]);
      expect(code).not.toBe(0);
      expect(output).not.toContain("root:");
    },
    LONG,
  );

  test(
    "refuses a key that is neither",
    () => {
      run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(folder, "stranger")]);
      expect(git("stranger", ["ls-remote", address()]).output).toContain("Permission denied");
    },
    LONG,
  );

  test(
    "lets a deploy key in no more that another one took the place of",
    () => {
      // By its file: the server has mounted the root before, and need not see what another mount of it changes.
      const readKeys = () => root?.read("/srv/git/.ssh/authorized_keys") ?? "";
      const [before = ""] = readKeys().match(/^.* hookline-argo-cd$/m) ?? [];
      root?.run(["rm", "/etc/hookline/deploy-key", "/etc/hookline/deploy-key.pub"]);
      expect(root?.provision("control", "192.168.56.10").output).toContain("drew a deploy key");
      const key = root?.read("/etc/hookline/deploy-key.pub").trim() ?? "no key";
      expect(readKeys()).toContain(key);
      expect(readKeys().split("\n")).not.toContain(before);
      expect(readKeys()).toContain("restrict ssh-ed25519");
    },
    LONG,
  );

  function sshCommand(key: string): string {
    const known = `-o UserKnownHostsFile=${folder}/known-hosts -o StrictHostKeyChecking=yes`;
    return `ssh -F none -i ${folder}/${key} -o IdentitiesOnly=yes -o BatchMode=yes ${known}`;
  }

  function git(key: string, words: readonly string[]) {
    return run(["git", ...words], { GIT_SSH_COMMAND: sshCommand(key) });
  }

  function commit(subject: string): void {
    const who = ["-c", "user.name=n", "-c", "user.email=e@example.org"];
    run(["git", "-C", work, ...who, "commit", "--quiet", "--allow-empty", "-m", subject]);
  }

  function readHead(): string {
    return run(["git", "-C", work, "rev-parse", "HEAD"]).output.trim();
  }
});

function run(command: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: tmpdir(),
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...env,
    },
  });
  return { code: exitCode, output: stdout.toString() + stderr.toString() };
}

async function takeFreePort(): Promise<number> {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}

async function waitForPort(port: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const opened = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } }).catch(
      () => undefined,
    );
    opened?.end();
    if (opened !== undefined) return;
    if (Date.now() > deadline) throw new Error(`Cannot reach the SSH server on port ${port}`);
    await Bun.sleep(50);
  }
}
