// Needs git.
import { expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVersionReader, readVersion } from "./read-version.ts";

const PACKAGE = { name: "@hookline/app", version: "1.2.3" };

test("readVersion() takes the revision of the image before that of a checkout", () => {
  const environment = { HOOKLINE_REVISION: "0123abc" };
  expect(readVersion(PACKAGE, { environment })).toEqual({ ...PACKAGE, revision: "0123abc" });
});

test("readVersion() asks the checkout it stands in", () => {
  const folder = mkdtempSync(join(tmpdir(), "version-"));
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@example.org", ...words], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "-q");
  expect(readVersion(PACKAGE, { environment: {}, folder }).revision).toBe("unknown");
  git("commit", "-q", "--allow-empty", "-m", "one");
  const head = git("rev-parse", "HEAD").trim();
  expect(head).toHaveLength(40);
  expect(readVersion(PACKAGE, { environment: {}, folder }).revision).toBe(head);
  rmSync(folder, { recursive: true });
});

test("readVersion() says unknown where there is neither", () => {
  const folder = mkdtempSync(join(tmpdir(), "version-"));
  expect(readVersion(PACKAGE, { environment: {}, folder }).revision).toBe("unknown");
  rmSync(folder, { recursive: true });
});

test("createVersionReader() reads when it is first asked, and once", () => {
  const environment = { HOOKLINE_REVISION: "0123abc" };
  const read = createVersionReader(PACKAGE, { environment });
  environment.HOOKLINE_REVISION = "4567def";
  expect(read().revision).toBe("4567def");
  environment.HOOKLINE_REVISION = "0123abc";
  expect(read()).toEqual({ ...PACKAGE, revision: "4567def" });
});
