// Needs git, ssh.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseOptions } from "../options.ts";
import { createReport } from "../report.ts";
import { buildKubeconfig } from "../testing/kubeconfig-text.ts";
import { remote } from "./remote.ts";

const URL_OF_CLUSTER = "ssh://git@192.168.56.10/srv/git/hookline.git";
let root: string;
let told: string[];

const git = (...words: string[]) =>
  Bun.spawnSync(["git", ...words], { cwd: root })
    .stdout.toString()
    .trim();
const run = () =>
  remote({
    options: parseOptions(["remote"], root),
    root,
    report: createReport((line) => told.push(line), { json: false }),
    connect: () => {
      throw new Error("it needs no cluster");
    },
  });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hookline remote-"));
  told = [];
  git("init", "--quiet");
  mkdirSync(join(root, "bootstrap", "k3s"), { recursive: true });
  const kubeconfig = buildKubeconfig({ server: "https://192.168.56.10:6443" });
  writeFileSync(join(root, "bootstrap", "k3s", "kubeconfig"), kubeconfig);
  const machine = join(root, ".vagrant", "machines", "control", "virtualbox");
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, "private_key"), "key");
});
afterEach(() => rmSync(root, { recursive: true }));

describe("remote()", () => {
  test("adds the remote once, and sets it right when the cluster has moved", async () => {
    await run();
    await run();
    expect(git("remote", "get-url", "cluster")).toBe(URL_OF_CLUSTER);
    git("remote", "set-url", "cluster", "ssh://git@10.0.0.1/old.git");
    await run();
    expect(git("remote", "get-url", "cluster")).toBe(URL_OF_CLUSTER);
    expect(told.map((line) => /\((\w+)\)/.exec(line)?.[1])).toEqual([
      "added",
      "unchanged",
      "changed",
    ]);
  }, 120_000);

  test("gives Git's ssh Vagrant's key for that host and no other", async () => {
    await run();
    const command = git("config", "core.sshCommand");
    const configOf = (host: string) =>
      Bun.spawnSync(["sh", "-c", `${command} -G ${host}`]).stdout.toString();
    const own = configOf("git@192.168.56.10");
    expect(own).toContain(
      `identityfile ${join(root, ".vagrant/machines/control/virtualbox/private_key")}`,
    );
    expect(own).toMatch(/^userknownhostsfile .*bootstrap\/k3s\/known-hosts/m);
    expect(own).toContain("identitiesonly yes");
    const usual = Bun.spawnSync(["ssh", "-G", "git@github.com"]).stdout.toString();
    expect(configOf("git@github.com")).toBe(usual);
  }, 120_000);

  test("leaves a core.sshCommand that is not its own", async () => {
    git("config", "core.sshCommand", "ssh -v");
    await expect(run()).rejects.toMatchObject({
      code: "GIT",
      message: expect.stringContaining('"ssh -v"'),
    });
    expect(git("config", "core.sshCommand")).toBe("ssh -v");
  }, 120_000);

  test("says so when the kubeconfig is no YAML", async () => {
    writeFileSync(join(root, "bootstrap/k3s/kubeconfig"), "a: [");
    await expect(run()).rejects.toMatchObject({
      code: "GIT",
      message: 'Cannot add the remote "cluster": bootstrap/k3s/kubeconfig names no API server',
    });
  }, 120_000);

  test.each([
    ["Vagrant has not run", "bootstrap", /there is no bootstrap\/k3s\/kubeconfig/],
    ["Vagrant's key is gone", ".vagrant", /made no key for the machine `control`/],
  ])(
    "says so when %s",
    async (_, folder, message) => {
      rmSync(join(root, folder), { recursive: true });
      await expect(run()).rejects.toMatchObject({
        code: "GIT",
        message: expect.stringMatching(message),
      });
    },
    120_000,
  );
});
