import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const vagrantfile = readFileSync(join(ROOT, "Vagrantfile"), "utf8");
const absent = Bun.which("vagrant") === null;
if (absent)
  console.warn("bootstrap/src/k3s: vagrant is not installed, nobody else reads Vagrantfile");

describe("Vagrantfile", () => {
  test("is short and decides nothing", () => {
    expect(vagrantfile.split("\n").length).toBeLessThanOrEqual(60);
    expect(vagrantfile.match(/\b(if|unless|case|required_plugins)\b/g)).toBeNull();
  });

  test.skipIf(absent)(
    "is valid",
    () => {
      const home = mkdtempSync(join(tmpdir(), "hookline-vagrant-"));
      // Neither VirtualBox nor libvirt can be asked here.
      const { exitCode, stdout, stderr } = Bun.spawnSync(
        ["vagrant", "validate", "--ignore-provider"],
        {
          cwd: ROOT,
          env: {
            PATH: process.env["PATH"] ?? "",
            HOME: home,
            VAGRANT_HOME: home,
            VAGRANT_DOTFILE_PATH: home,
          },
        },
      );
      rmSync(home, { recursive: true });
      expect([exitCode, stdout.toString() + stderr.toString()]).toEqual([
        0,
        expect.stringContaining("Vagrantfile validated successfully"),
      ]);
    },
    120_000,
  );
});

describe("host.sh", () => {
  test("draws the token once, for this user only", () => {
    const { folder, run } = place();
    expect(run("prepare").output).toContain("Drew the cluster's token");
    const token = readFileSync(join(folder, "token"), "utf8");
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(join(folder, "token")).mode & 0o777).toBe(0o600);
    expect(run("prepare")).toEqual({ code: 0, output: "" });
    expect(readFileSync(join(folder, "token"), "utf8")).toBe(token);
    rmSync(folder, { recursive: true });
  });

  test("collects what the control node has, for this user only", () => {
    const { folder, run } = place('printf "server: https://192.168.56.10:6443\\n%s" "$*"');
    expect(run("collect").output).toContain(
      "The cluster is at https://192.168.56.10:6443: export KUBECONFIG=",
    );
    for (const name of ["kubeconfig", "deploy-key", "known-hosts"]) {
      expect(readFileSync(join(folder, name), "utf8")).toEndWith(
        `--command sudo cat /etc/hookline/${name}`,
      );
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    rmSync(folder, { recursive: true });
  });

  test("keeps our images for a cluster without the internet", () => {
    const { folder, run } = place('case "$*" in *dpkg*) echo amd64 ;; *) printf "%s" "$*" ;; esac');
    expect(run("images")).toEqual({
      code: 0,
      output: expect.stringContaining("prepared/amd64/images"),
    });
    for (const name of ["app", "model-service", "shadow-report", "model-v1", "model-v2"]) {
      const archive = readFileSync(join(folder, `prepared/amd64/images/${name}.tar`), "utf8");
      expect(archive).toEndWith(`/var/lib/rancher/k3s/agent/images/${name}.tar`);
    }
    rmSync(folder, { recursive: true });
  });

  test("keeps what it has when the control node has nothing", () => {
    const { folder, run } = place("true");
    writeFileSync(join(folder, "kubeconfig"), "old");
    expect(run("collect")).toEqual({
      code: 1,
      output: expect.stringContaining("vagrant provision control"),
    });
    expect(readFileSync(join(folder, "kubeconfig"), "utf8")).toBe("old");
    rmSync(folder, { recursive: true });
  });

  /** host.sh in a folder of its own, with a stand-in for vagrant. */
  function place(vagrant = "true") {
    const folder = mkdtempSync(join(tmpdir(), "hookline-host-"));
    cpSync(join(ROOT, "bootstrap/k3s/host.sh"), join(folder, "host.sh"));
    writeFileSync(join(folder, "vagrant"), `#!/bin/sh\n${vagrant}\n`);
    chmodSync(join(folder, "vagrant"), 0o755);
    const run = (command: string) => {
      const { exitCode, stdout, stderr } = Bun.spawnSync([join(folder, "host.sh"), command], {
        env: { PATH: `${folder}:${process.env["PATH"]}` },
      });
      return { code: exitCode, output: stdout.toString() + stderr.toString() };
    };
    return { folder, run };
  }
});
