// Needs git.
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allOrNothing } from "./all-or-nothing.ts";
import { readLastChange } from "./judge/holds.ts";
import { runRollback } from "./promote/command.ts";
import { listDeliveries } from "./promote/rollback.ts";
import { type Clone, createClone, isCheckout } from "./testing/clone.ts";

if (!isCheckout) console.warn("all-or-nothing: skipped, this is no checkout of Git");

const GONE = "gitops/runbooks.md";

setDefaultTimeout(240_000);
let clone: Clone;
let folder: string;
let head: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "all-or-nothing-"));
  if (!isCheckout) return;
  clone = createClone();
  head = clone.git("rev-parse", "HEAD").trim();
});
beforeEach(() => {
  if (isCheckout) clone.git("reset", "--quiet", "--hard", head);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (isCheckout) clone.remove();
});

test.skipIf(!isCheckout)(
  "rollback commits a file that comes back, and no dry run leaves it",
  () => {
    clone.git("rm", "--quiet", GONE);
    clone.git("commit", "--quiet", "--message=chore: take the runbooks away");
    const rollback = (...words: string[]) =>
      runRollback(["HEAD", ...words], { root: clone.root, print: () => {} });
    rollback("--dry-run");
    expect([clone.git("status", "--porcelain"), existsSync(join(clone.root, GONE))]).toEqual([
      "",
      false,
    ]);
    writeFileSync(join(clone.root, GONE), "mine");
    expect(rollback).toThrow(/untracked .* would be overwritten/);
    expect(readFileSync(join(clone.root, GONE), "utf8")).toBe("mine");
    rmSync(join(clone.root, GONE));
    rollback();
    expect(clone.git("status", "--porcelain")).toBe("");
    expect(clone.git("diff", "--name-only", head, "HEAD")).toBe("");
  },
);

test.skipIf(!isCheckout)("Ctrl-C leaves the tree as it was", async () => {
  // The program of this checkout, not the one that was cloned.
  const code = `import { runPromote } from "${import.meta.dirname}/promote/command.ts";
    runPromote(["canary", "--weight", "25"], { root: process.cwd(), print() {} });`;
  const program = Bun.spawn([process.execPath, "-e", code], {
    cwd: clone.root,
    stderr: "pipe",
    // In a group of its own, all of which a terminal's Ctrl-C reaches.
    detached: true,
  });
  while (clone.git("status", "--porcelain", "-uno") === "") await Bun.sleep(10);
  process.kill(-program.pid, "SIGINT");
  expect(await program.exited).toBe(1);
  expect(await program.stderr.text()).toContain("SIGINT stopped it");
  expect(clone.git("status", "--porcelain")).toBe("");
  expect(clone.git("rev-parse", "HEAD").trim()).toBe(head);
});

test.skipIf(!isCheckout)("rollback takes nothing back where the history is cut before it", () => {
  const shallow = join(folder, "shallow");
  clone.edit(GONE, (text) => `${text}more\n`);
  const message = "feat: more\n\nHookline-Delivery: promote canary --weight 25";
  clone.git("commit", "--quiet", "--all", `--message=${message}`);
  clone.git("clone", "--quiet", "--depth=1", `file://${clone.root}`, shallow);
  expect(() => runRollback([], { root: shallow, print: () => {} })).toThrow(
    /^Cannot roll back [0-9a-f]{7} "feat: more": this history begins with it; where it is cut, git fetch --unshallow$/,
  );
});

test("one command at a time changes a checkout", () => {
  const root = join(folder, "busy");
  execFileSync("git", ["init", "--quiet", root]);
  execFileSync("git", ["commit", "--allow-empty", "--quiet", "--message=feat: a"], {
    cwd: root,
    env: { ...process.env, ...NOBODY },
  });
  const inside = allOrNothing(root, "promote", () => {
    expect(() => allOrNothing(root, "rollback", () => {})).toThrow(
      `Cannot rollback: another command is at work here, process ${process.pid}; wait for it`,
    );
    return "done";
  });
  expect(inside).toBe("done");
  expect(readdirSync(join(root, ".git")).filter((name) => name.includes("lock"))).toEqual([]);
});

const NOBODY = {
  GIT_AUTHOR_NAME: "n",
  GIT_AUTHOR_EMAIL: "e@example.org",
  GIT_COMMITTER_NAME: "n",
  GIT_COMMITTER_EMAIL: "e@example.org",
};

/** Signs with a word, and has much to say about it. */
const SIGNER = `#!/bin/sh
case "$*" in
  *--verify*) echo "made by nobody" >&2; exit 1 ;;
esac
cat > /dev/null
printf '\\n[GNUPG:] SIG_CREATED \\n' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'
`;

test("what is read of Git does not hang on what a user has set", () => {
  const root = join(folder, "signed");
  const signer = join(folder, "signer");
  writeFileSync(signer, SIGNER);
  chmodSync(signer, 0o755);
  const git = (...words: string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" });
  execFileSync("git", ["init", "--quiet", root]);
  const settings = { "user.name": "n", "user.email": "e@example.org", "gpg.program": signer };
  for (const [name, value] of Object.entries(settings)) git("config", name, value);
  git("config", "log.showSignature", "true");
  execFileSync("mkdir", [join(root, "gitops")]);
  writeFileSync(join(root, "gitops/a"), "a");
  git("add", "--all");
  git("commit", "--quiet", "--gpg-sign", "--message=feat: a");
  expect(git("log", "-1", "--format=%s")).not.toBe("feat: a\n");
  expect(listDeliveries(root)).toMatchObject([{ subject: "feat: a" }]);
  expect(readLastChange(root).getTime()).toBeGreaterThan(0);
});
