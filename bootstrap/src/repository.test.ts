// Needs git.
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRepositorySecret, checkRepository } from "./repository.ts";
import { startGitServer } from "./testing/git-server.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-git-"));
const git = (cwd: string, ...words: string[]) =>
  Bun.spawnSync(["git", "-c", "user.name=n", "-c", "user.email=e@example.org", ...words], { cwd });
const bare = join(folder, "x.git");
mkdirSync(bare);
git(bare, "init", "--quiet", "--bare", "--initial-branch=main");
mkdirSync(join(folder, "empty.git"));
git(join(folder, "empty.git"), "init", "--quiet", "--bare");
const work = join(folder, "work");
git(folder, "clone", "--quiet", bare, work);
git(work, "commit", "--quiet", "--allow-empty", "-m", "one");
git(work, "tag", "v1");
git(work, "push", "--quiet", "origin", "HEAD:main", "v1");

const server = startGitServer(folder);
/** Lets in who has the token. */
const guarded = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => {
    const { pathname, search } = new URL(request.url);
    if (request.headers.get("authorization") !== `Basic ${btoa("git:secret")}`) {
      return new Response("no", { status: 401, headers: { "www-authenticate": "Basic" } });
    }
    return fetch(server.url(`${pathname.slice(1)}${search}`), {
      headers: request.headers,
      method: request.method,
      body: request.method === "POST" ? request.body : null,
    });
  },
});
const guardedUrl = `http://127.0.0.1:${guarded.port}/x.git`;
afterAll(() => {
  server.stop();
  guarded.stop(true);
  rmSync(folder, { recursive: true });
});

describe("checkRepository()", () => {
  test.each([
    ["a branch", server.url("x.git"), "main", {}],
    ["a tag", server.url("x.git"), "v1", {}],
    ["a commit, which cannot be asked for", server.url("x.git"), "a".repeat(40), {}],
    ["one that wants a token", guardedUrl, "main", { token: "secret" }],
  ])(
    "takes %s",
    async (_, url, revision, access) => {
      await expect(checkRepository({ url, revision }, access)).resolves.toBeUndefined();
    },
    120_000,
  );

  test.each([
    ["no such branch", server.url("x.git"), {}, /no branch or tag "trunk"; it has main, v1/],
    ["an empty one", server.url("empty.git"), {}, /no branch or tag "trunk"; it is empty/],
    ["none there", server.url("none.git"), {}, /not found|does not exist|404/i],
    ["no server there", "http://127.0.0.1:1/x.git", {}, /connect/i],
    ["no token", guardedUrl, {}, /could not read Username|terminal prompts disabled/],
    [
      "a wrong token",
      guardedUrl,
      { token: "guess" },
      /Authentication failed|could not read Username/i,
    ],
    ["an SSH host without a server", "ssh://git@127.0.0.1:1/x.git", {}, /refused|Could not read/i],
  ])(
    "refuses %s",
    async (_, url, access, message) => {
      const call = checkRepository({ url, revision: "trunk" }, access);
      await expect(call).rejects.toMatchObject({
        code: "REPOSITORY",
        message: expect.stringMatching(message),
        next: expect.stringMatching(/\S/),
      });
    },
    120_000,
  );
});

test("checkRepository() does not wait for a server that says nothing", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const repository = { url: `http://127.0.0.1:${port}/x.git`, revision: "main" };
  const check = checkRepository(repository, {}, { timeoutMs: 500 });
  const outcome = await Promise.race([
    check.catch((error: unknown) => String(error)),
    Bun.sleep(60_000).then(() => "it waits on"),
  ]);
  expect(outcome).toEndWith("/x.git: it did not answer within 0.5 s");
  silent.close();
}, 120_000);

test.each(["SIGINT", "SIGTERM"] as const)(
  "checkRepository() leaves no key behind at %s",
  async (signal) => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    const asked = once(silent, "connection");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const scratch = mkdtempSync(join(folder, "stopped-"));
    const code = `import { checkRepository } from "${import.meta.dirname}/repository.ts";
    await checkRepository({ url: "http://127.0.0.1:${port}/x.git", revision: "main" }, { deployKey: "k" });`;
    const program = Bun.spawn([process.execPath, "-e", code], {
      env: { ...process.env, TMPDIR: scratch },
      stderr: "ignore",
    });
    const [socket] = await asked;
    const gone = once(socket, "close");
    expect(readdirSync(scratch)).toHaveLength(1);
    program.kill(signal);
    await program.exited;
    expect([program.signalCode, readdirSync(scratch)]).toEqual([signal, []]);
    // Nor does git wait on.
    socket.resume();
    await gone;
    silent.close();
  },
  120_000,
);

describe("checkRepository() has nothing of this user's own", () => {
  const names = ["GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "PATH", "TMPDIR"];
  const before = new Map(names.map((name) => [name, process.env[name]]));
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const writeProgram = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const check = (url: string, access = {}) => checkRepository({ url, revision: "main" }, access);

  test("no password that a helper or a program knows", async () => {
    const helper = writeProgram("helper", "echo username=git; echo password=secret");
    process.env["GIT_CONFIG_GLOBAL"] = join(folder, "gitconfig");
    writeFileSync(join(folder, "gitconfig"), `[credential]\n\thelper = ${helper}\n`);
    await expect(check(guardedUrl)).rejects.toMatchObject({ code: "REPOSITORY" });
    writeFileSync(join(folder, "gitconfig"), "");
    process.env["GIT_ASKPASS"] = writeProgram(
      "ask",
      'case "$1" in U*) echo git ;; *) echo secret ;; esac',
    );
    await expect(check(guardedUrl)).rejects.toMatchObject({ code: "REPOSITORY" });
  }, 120_000);

  test("no other address in the place of this one", async () => {
    process.env["GIT_CONFIG_GLOBAL"] = join(folder, "gitconfig");
    writeFileSync(
      join(folder, "gitconfig"),
      `[url "${folder}/"]\n\tinsteadOf = http://127.0.0.1:1/\n`,
    );
    await expect(check("http://127.0.0.1:1/x.git")).rejects.toMatchObject({ code: "REPOSITORY" });
  }, 120_000);

  test("no key, agent or configuration of ssh", async () => {
    const bin = join(folder, "a b");
    mkdirSync(bin);
    writeProgram("a b/ssh", `printf '%s\\n' "$@" > '${bin}/words'; exit 255`);
    process.env["PATH"] = `${bin}:${process.env["PATH"]}`;
    process.env["TMPDIR"] = bin;
    const url = "ssh://git@git.example/x.git";
    const read = () => readFileSync(join(bin, "words"), "utf8").split("\n");
    await expect(check(url)).rejects.toMatchObject({ code: "REPOSITORY" });
    expect(read()).toEqual(
      expect.arrayContaining(["-F", "/dev/null", "IdentityAgent=none", "PubkeyAuthentication=no"]),
    );
    await expect(check(url, { deployKey: "k", knownHosts: "h" })).rejects.toThrow();
    const words = read();
    expect(words).not.toContain("PubkeyAuthentication=no");
    // ssh takes what is in quotes as one name.
    expect(words.filter((word) => /^\w+=.* /.test(word))).toEqual([
      expect.stringMatching(/^IdentityFile="\S+a b\/\S+\/key"$/),
      expect.stringMatching(/^UserKnownHostsFile="\S+a b\/\S+\/hosts"$/),
    ]);
  }, 120_000);
});

describe("buildRepositorySecret()", () => {
  const decode = (access: Parameters<typeof buildRepositorySecret>[1]) => {
    const secret = buildRepositorySecret(
      { url: "https://git.example/x.git", revision: "main" },
      access,
    );
    expect(secret.metadata.labels).toEqual({ "argocd.argoproj.io/secret-type": "repository" });
    return Object.fromEntries(
      Object.entries(Object(secret["data"])).map(([key, value]) => [key, atob(String(value))]),
    );
  };

  test.each([
    ["anybody's", {}, {}],
    ["one with a key", { deployKey: "pem", knownHosts: "h" }, { sshPrivateKey: "pem" }],
    ["one with a token", { token: "t" }, { username: "git", password: "t" }],
  ])("%s", (_, access, expected) => {
    expect(decode(access)).toEqual({ type: "git", url: "https://git.example/x.git", ...expected });
  });
});
