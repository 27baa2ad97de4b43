// Needs git.
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "@hookline/kustomize-ts";
import { type Clone, createClone, isCheckout } from "../testing/clone.ts";
import { runPromote, runRollback } from "./command.ts";
import { listDeliveries } from "./rollback.ts";

if (!isCheckout) console.warn("promote: skipped, this is no checkout of Git");

const ROUTES = "gitops/components/canary/routes-patch.yaml";
const TEXT = "gitops/runbooks.md";
const DIGEST = `sha256:${"a".repeat(64)}`;

// Each command renders the overlays and compares them with those of a commit.
setDefaultTimeout(240_000);
let clone: Clone;
let head: string;
beforeAll(() => {
  if (!isCheckout) return;
  clone = createClone();
  // Two overlays are rendered sooner than five, and have all that is promoted.
  for (const overlay of ["monitoring", "ratelimit", "shadow"]) {
    clone.git("rm", "-r", "--quiet", `gitops/overlays/${overlay}`, `gitops/golden/${overlay}.yaml`);
  }
  clone.git("commit", "--quiet", "--message=test: keep two overlays");
  head = clone.git("rev-parse", "HEAD").trim();
});
beforeEach(() => {
  if (isCheckout) clone.git("reset", "--quiet", "--hard", head);
});
afterAll(() => {
  if (isCheckout) clone.remove();
});

const COMMANDS = { promote: runPromote, rollback: runRollback };

function run(command: keyof typeof COMMANDS, ...words: string[]): string {
  let output = "";
  COMMANDS[command](words, {
    root: clone.root,
    print: (text) => {
      output += text;
    },
  });
  return output;
}

/** The images of a Deployment of the rendered production overlay, volumes too. */
function findImages(name: string): string[] {
  const { resources } = build(join(clone.root, "gitops/overlays/production"));
  const text = resources.find((each) => each.kind === "Deployment" && each.name === name)?.text;
  return text?.match(/(?<=(?:image|reference): ).+/g) ?? [];
}

test.skipIf(!isCheckout)("promote canary --weight is a commit that rollback takes back", () => {
  const output = run("promote", "canary", "--weight", "25");
  expect(output).toContain("spec.http[name=app].route[0].weight: 90 → 75");
  expect(output).toMatch(
    /committed [0-9a-f]{7,}: feat\(gitops\): send 25 in 100 visitors to the canary\npush it: git push\n$/,
  );
  expect(clone.git("show", "HEAD:gitops/golden/production.yaml")).toContain("weight: 75\n");
  expect(clone.git("log", "-1", "--format=%(trailers)").trim()).toBe(
    "Hookline-Delivery: promote canary --weight 25",
  );
  const promoted = clone.git("rev-parse", "HEAD").trim();

  expect(run("rollback")).toContain("spec.http[name=app].route[0].weight: 75 → 90");
  expect(clone.git("diff", head, "HEAD")).toBe("");
  expect(listDeliveries(clone.root)[0]?.reverts).toEqual([promoted]);
  expect(() => run("rollback")).toThrow("Cannot roll back: no promotion or release");
  expect(() => run("rollback", promoted)).toThrow("Cannot change the tree: it is so already");
});

test.skipIf(!isCheckout)("promote canary --to stable gives everybody the canary's image", () => {
  clone.edit("gitops/components/canary/kustomization.yaml", (text) =>
    text.replace("newTag: 0.1.0", `newTag: 0.2.0\n    digest: ${DIGEST}`),
  );
  clone.git("commit", "-qam", "feat: a canary");
  run("promote", "canary", "--weight", "50");
  run("promote", "canary", "--to", "stable");
  const images = ["app-v1", "app-v2"].map((name) => findImages(name)[0]?.split("/").at(-1));
  expect(images).toEqual(Array(2).fill(`app:0.2.0@${DIGEST}`));
  expect(readFileSync(join(clone.root, ROUTES), "utf8")).toContain("weight: 10\n");
  expect(clone.git("log", "-1", "--format=%s")).toBe("feat(gitops): give everybody app:0.2.0\n");
  // It gave the canary less, too, and is taken back all the same: everybody has the image.
  expect(run("rollback")).toContain("\nthe canary rises from 10 to 50 in 100\n");
  expect(findImages("app-v1")[0]).toEndWith(":0.1.0");
});

test.skipIf(!isCheckout)("promote refuses to give everybody what everybody has", () => {
  expect(() => run("promote", "canary", "--to", "stable")).toThrow(
    /^Cannot promote: everybody has app:\S+ already; for another share than 10 in 100, promote canary --weight PERCENT$/,
  );
});

test.skipIf(!isCheckout)("promote asks for a Git identity before it renders", () => {
  const before = clone.git("config", "user.name").trim();
  // An empty name stands before any that this machine has.
  clone.git("config", "user.name", "");
  try {
    expect(() => run("promote", "canary", "--weight", "25")).toThrow(
      /^Cannot promote canary --weight 25: Git does not know who commits; set git config user\.name .* user\.email \S+$/,
    );
    expect(run("promote", "canary", "--weight", "25", "--dry-run")).toContain("90 → 75");
  } finally {
    clone.git("config", "user.name", before);
  }
});

test.skipIf(!isCheckout)("promote model v2 answers with the model of the shadow", () => {
  const [, candidate] = findImages("model-service-v2");
  run("promote", "model", "v2");
  expect(findImages("model-service-v1")[1]).toBe(candidate);
  expect(() => run("promote", "model", "v2")).toThrow(
    /^Cannot promote: everybody has model:\S+ already$/,
  );
  expect(clone.git("diff", "--name-only", head, "HEAD").split("\n")).toContain(
    "gitops/base/kustomization.yaml",
  );
});

test.skipIf(!isCheckout)("--dry-run and what goes wrong leave the tree as it was", () => {
  expect(run("promote", "canary", "--weight", "1", "--dry-run")).toContain("90 → 99");
  expect(() => run("promote", "canary", "--weight", "10")).toThrow(
    "Cannot promote: the canary has 10 in 100 already; name another --weight",
  );
  expect(() => run("promote", "model", "v3")).toThrow(
    "Cannot promote model v3: the one in the shadow is v2",
  );
  expect(clone.git("status", "--porcelain", "-uno")).toBe("");
  expect(clone.git("rev-parse", "HEAD").trim()).toBe(head);
  appendFileSync(join(clone.root, ROUTES), "# mine\n");
  expect(() => run("promote", "canary", "--weight", "1")).toThrow(
    `${ROUTES} changed and not committed; commit it, or git restore --staged --worktree . takes all back`,
  );
});

test.skipIf(!isCheckout)(
  "promote refuses a tree whose routes lead nowhere, and takes its edit back",
  () => {
    clone.edit("gitops/components/canary/app/destinationrule-v2.yaml", (text) =>
      text.replace("- name: v2", "- name: v9"),
    );
    clone.git("commit", "-qam", "feat: break it");
    expect(() => run("promote", "canary", "--weight", "20")).toThrow(
      /Cannot go on: overlay (canary|production)/,
    );
    expect(clone.git("status", "--porcelain", "-uno")).toBe("");
  },
);

test.skipIf(!isCheckout)("rollback takes back what a merge brought", () => {
  clone.git("checkout", "--quiet", "-b", "side");
  run("promote", "canary", "--weight", "25");
  clone.git("checkout", "--quiet", "-");
  clone.git("commit", "--quiet", "--allow-empty", "--message=docs: meanwhile");
  clone.git("merge", "--quiet", "--no-ff", "--message=Merge branch side", "side");
  run("rollback", "HEAD");
  expect(clone.git("diff", "--name-only", head, "HEAD")).toBe("");
  // So the promotion that it brought is in force no more.
  expect(() => run("rollback")).toThrow("Cannot roll back: no promotion or release that is still");
  clone.git("branch", "--quiet", "-D", "side");
});

test.skipIf(!isCheckout)("rollback says so when what it takes back was changed again", () => {
  run("promote", "canary", "--weight", "25");
  const first = clone.git("rev-parse", "HEAD").trim();
  run("promote", "canary", "--weight", "50");
  const short = clone.git("rev-parse", "--short", "HEAD").trim();
  const [before, after] = [25, 50].map((share) => `send ${share} in 100 visitors to the canary"`);
  expect(() => run("rollback", first)).toThrow(
    new RegExp(
      `^Cannot roll back ${first.slice(0, 7)} "feat\\(gitops\\): ${before}: the same lines were changed again by ${short} "feat\\(gitops\\): ${after}; for the share from before, promote canary --weight 10$`,
    ),
  );
  expect(() => run("rollback", "nowhere")).toThrow('Cannot roll back "nowhere": no such commit');
  expect(clone.git("status", "--porcelain", "-uno")).toBe("");
});

/** Changes a text in gitops/ that nothing is rendered from, as a person does; gives the commit. */
function commitText(message: string, change: (text: string) => string): string {
  clone.edit(TEXT, change);
  clone.git("commit", "--quiet", "--all", `--message=${message}`);
  return clone.git("rev-parse", "HEAD").trim();
}

test.skipIf(!isCheckout)("rollback names who changed the same lines, of any file", () => {
  const first = commitText("docs: one", (text) => `one\ntwo\nthree\n${text}`);
  const second = commitText("docs: two", (text) => text.replace("three\n", ""));
  commitText("docs: elsewhere", (text) => `${text}more\n`);
  // As some set Git up for their own eyes.
  const settings = { "diff.external": "echo", "color.ui": "always" };
  for (const [name, value] of Object.entries(settings)) clone.git("config", name, value);
  const again = `Cannot roll back ${first.slice(0, 7)} "docs: one": the same lines were changed again by`;
  expect(() => run("rollback", first)).toThrow(
    `${again} ${second.slice(0, 7)} "docs: two"; take that back first`,
  );
  clone.git("rm", "--quiet", TEXT);
  clone.git("commit", "--quiet", "--message=docs: none");
  expect(() => run("rollback", first)).toThrow(`${again} a later commit; take that back first`);
  for (const name of Object.keys(settings)) clone.git("config", "--unset", name);
});

test.skipIf(!isCheckout)("rollback knows a revert by the first letters of what it reverts", () => {
  const message = "feat: more\n\nHookline-Delivery: promote canary --weight 25";
  const promoted = commitText(message, (text) => `${text}more\n`);
  // As git revert --reference says it.
  const reverts = `This reverts commit ${promoted.slice(0, 8)} (feat: more).`;
  commitText(`fix: less\n\n${reverts}`, (text) => text.replace(/more\n$/, ""));
  expect(() => run("rollback")).toThrow("Cannot roll back: no promotion or release");
});

test.skipIf(!isCheckout)("rollback after a rollback goes on, and raises no canary", () => {
  run("promote", "canary", "--weight", "25");
  run("promote", "canary", "--weight", "50");
  run("rollback");
  const takenBack = clone.git("rev-parse", "HEAD").trim();
  // What was taken back is in force again when that is taken back by its name.
  expect(run("rollback", takenBack)).toContain("\nthe canary rises from 25 to 50 in 100\n");
  expect(run("rollback")).toContain("spec.http[name=app].route[1].weight: 50 → 25");
  expect(run("rollback")).toContain("spec.http[name=app].route[1].weight: 25 → 10");
  run("promote", "canary", "--weight", "0");
  expect(() => run("rollback")).toThrow(
    /^Cannot roll back: the last change, .{7} "feat.*", lowered the canary from 10 to 0 in 100, and taking it back would raise it; if that is meant, rollback .{7}$/,
  );
});

test.each([
  [["canary"], 'expected "canary --weight 25"'],
  [["canary", "--weight", "101"], '--weight "101" is no whole number from 0 to 100'],
  [["canary", "--weight", "2.5"], '--weight "2.5" is no whole number'],
  [["canary", "--weight", "-1"], '--weight "-1" is no whole number from 0 to 100'],
  [["canary", "--weight", "x"], '--weight "x" is no whole number'],
  [["canary", "--weight", ""], '--weight "" is no whole number'],
  [["canary", "--weight"], "'--weight <value>' argument missing; see bun run promote --help"],
  [["canary", "--to", "-x"], "Option '--to' argument is ambiguous; see bun run promote --help"],
  [["--weight", "5"], 'expected "canary --weight 25"'],
  [["canary", "--weight", "5", "--to", "stable"], 'expected "canary'],
  [["canary", "--to", "v1"], '--to "v1" is not stable'],
  [["model"], 'expected "canary'],
  [["model", "v2", "--weight", "5"], 'expected "canary'],
  [["fly"], 'expected "canary'],
])("promote %p is refused", (words, message) => {
  expect(() => runPromote(words, { root: "/nowhere", print: () => {} })).toThrow(message);
});

test.each([[["HEAD", "HEAD~1"]], [["--weight", "5"]], [["--to", "stable"]]])(
  "rollback %p is refused",
  (words) => {
    expect(() => runRollback(words, { root: "/nowhere", print: () => {} })).toThrow(
      "expected one commit or none; see bun run rollback --help",
    );
  },
);
