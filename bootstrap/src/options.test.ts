// Needs git.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseRepository } from "./choose-repository.ts";
import { parseOptions } from "./options.ts";
import { checkVersion } from "./stages/reach.ts";
import { describeRollout, readRollout } from "./stages/rollout.ts";

const root = mkdtempSync(join(tmpdir(), "hookline-options-"));
afterAll(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, "gitops", "overlays", "canary"), { recursive: true });
writeFileSync(join(root, "gitops", "overlays", "canary", "environment.yaml"), "");
mkdirSync(join(root, "bootstrap", "k3s"), { recursive: true });
writeFileSync(join(root, "bootstrap", "k3s", "deploy-key"), "the key");
writeFileSync(join(root, "token"), "secret\n");
Bun.spawnSync(["git", "init", "--quiet"], { cwd: root });

describe("parseOptions()", () => {
  test("has a command, and values where none is given", () => {
    expect(parseOptions([], root)).toMatchObject({
      command: "up",
      timeoutMs: 1_800_000,
      overlays: [],
      prepared: join(root, "bootstrap/k3s/prepared"),
      arch: ["amd64", "arm64"],
    });
  });

  test.each([
    [["upp"], /no command "upp"/],
    [["status", "now"], /no command "status now"/],
    [["--colour"], /^Cannot read the command line: Unknown option '--colour'$/],
    [
      ["--timeout", "-1"],
      /^Cannot read the command line: Option '--timeout' argument is ambiguous$/,
    ],
    [["--timeout", "soon"], /--timeout "soon" is no number of seconds/],
    [["--timeout", ""], /is no number of seconds/],
    [["download", "--dry-run"], /download knows no --dry-run/],
    [["--charts", "charts"], /--charts "charts" is no address/],
    [["--charts", "ftp://charts.example"], /is no address/],
    [["--overlay", "none"], /no overlay "none"/],
    [["--overlay", "../canary"], /no overlay/],
  ])("refuses %j", (words, message) => {
    expect(() => parseOptions(words, root)).toThrow(message);
  });
});

describe("chooseRepository()", () => {
  const choose = (...words: string[]) => chooseRepository(parseOptions(words, root), root);

  test.each([
    ["https://git.example/x.git", [], {}],
    ["https://git.example/x.git", ["--token-file", "token"], { token: "secret" }],
    ["ssh://git@git.example/x.git", [], { deployKey: "the key" }],
    ["git@git.example:x.git", [], { deployKey: "the key" }],
  ])("%s %j", async (url, words, access) => {
    expect(await choose("--repo", url, ...words)).toEqual({
      repository: { url, revision: "main" },
      access,
    });
  });

  test.each([
    [["--repo", "/srv/git/x.git"], "REPOSITORY", /neither ssh:\/\/ nor https:\/\//],
    [["--repo", "https://git.example/x.git", "--deploy-key", "token"], "REPOSITORY", /no key/],
    [["--repo", "git@git.example:x.git", "--token-file", "token"], "REPOSITORY", /no token/],
    [["--repo", "git@git.example:x.git", "--deploy-key", "none"], "USAGE", /no file "none"/],
    [
      ["--repo", "https://git.example/x.git", "--token-file", "."],
      "USAGE",
      /"\." cannot be read: EISDIR/,
    ],
  ])("refuses %j", async (words, code, message) => {
    await expect(choose(...words)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ["https://ada:hush@git.example/x.git", "https://git.example/x.git"],
    ["https://hush@git.example/x.git", "https://git.example/x.git"],
    ["http://ada:hu@sh@git.example:81/x.git", "http://git.example:81/x.git"],
    ["ssh://git:hush@git.example/x.git", "ssh://git@git.example/x.git"],
  ])("refuses --repo %s, and of a remote takes all but the secret", async (secret, url) => {
    const error = await choose("--repo", secret).catch((cause: unknown) => cause);
    expect(String(error)).toContain(`Cannot give Argo CD ${url}: its name or password would stand`);
    expect(String(error)).not.toMatch(/hush|ada/);
    Bun.spawnSync(["git", "remote", "add", "origin", secret], { cwd: root });
    expect((await choose()).repository.url).toBe(url);
    Bun.spawnSync(["git", "remote", "remove", "origin"], { cwd: root });
  });

  test("takes the remote `cluster` before `origin`", async () => {
    const add = (name: string) =>
      Bun.spawnSync(["git", "remote", "add", name, `https://${name}.example/x.git`], { cwd: root });
    add("origin");
    expect((await choose()).repository.url).toBe("https://origin.example/x.git");
    add("cluster");
    expect((await choose("--revision", "trunk")).repository).toEqual({
      url: "https://cluster.example/x.git",
      revision: "trunk",
    });
  }, 120_000);
});

describe("checkVersion()", () => {
  test.each([
    ["v1.36.4+k3s1", /^Kubernetes v1\.36\.4\+k3s1$/],
    ["v1.35.0", /^Kubernetes v1\.35\.0$/],
    ["v1.37.2", /newer than v1\.36/],
  ])("takes %s", (version, message) => {
    let said = "";
    checkVersion(version, (text) => {
      said = text;
    });
    expect(said).toMatch(message);
  });

  test.each(["v1.34.9", "v2.0.0", "unknown"])("refuses %s", (version) => {
    expect(() => checkVersion(version, () => undefined)).toThrow(/need v1\.35 or newer/);
  });
});

describe("readRollout()", () => {
  test.each([
    ["no status yet", { metadata: { generation: 1 }, spec: {} }, { ready: 0, wanted: 1 }],
    [
      "a status of the spec before",
      {
        metadata: { generation: 2 },
        spec: { replicas: 2 },
        status: { observedGeneration: 1, updatedReplicas: 2, readyReplicas: 2 },
      },
      { ready: 0, wanted: 2 },
    ],
    [
      "old pods that are ready",
      {
        metadata: { generation: 2 },
        spec: { replicas: 2 },
        status: { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 2 },
      },
      { ready: 1, wanted: 2 },
    ],
  ])("%s", (_, value, expected) => {
    expect(readRollout(value)).toEqual(expected);
  });
});

describe("describeRollout()", () => {
  test.each([
    [500, { message: "etcdserver: request timed out" }, "etcdserver: request timed out"],
    [502, "<html>", "HTTP 502"],
    [200, { metadata: {}, spec: { replicas: 2 } }, "0 of 2 pods ready"],
  ])("of %d waits on", (status, body, state) => {
    expect(describeRollout({ status, body })).toEqual({ done: false, state });
  });
});
