// Needs git.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runDiff } from "../command-line/diff-command.ts";
import { type Diff, diffAgainst } from "./diff.ts";
import { formatMarkdown } from "./format-markdown.ts";
import { formatText } from "./format-text.ts";
import { runGit } from "./git-file-system.ts";

const home = mkdtempSync(join(tmpdir(), "kustomize-diff-"));
const overlay = join(home, "k8s/overlay");
beforeAll(prepare);
afterAll(() => rmSync(home, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
}

function git(...words: readonly string[]): void {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  runGit(home, [...who, ...words]);
}

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: main
        image: nginx:1.25
`;

/** A repository with two commits, and a folder that is not committed. */
function prepare(): void {
  write({
    "k8s/base/kustomization.yaml": "resources:\n- web.yaml\n- old.yaml\n",
    "k8s/base/web.yaml": DEPLOYMENT,
    "k8s/base/old.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: old\n",
    "k8s/overlay/kustomization.yaml": `namespace: prod
resources:
- ../base
- linked.yaml
configMapGenerator:
- name: settings
  files: [app.conf]
secretGenerator:
- name: keys
  literals: [password=hunter2]
`,
    "k8s/overlay/app.conf": "one\ntwo\nthree\n",
    "k8s/shared.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: shared\n",
    "k8s/overlay/shared/x.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: shared\n",
    "k8s/broken/kustomization.yaml": "resource: []\n",
    "notes.txt": "not YAML\n",
  });
  symlinkSync("shared/x.yaml", join(overlay, "linked.yaml"));
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message=first");
  git("tag", "v1");
  write({
    "k8s/base/kustomization.yaml": "resources:\n- web.yaml\n- new.yaml\n",
    "k8s/base/web.yaml": DEPLOYMENT.replace("replicas: 1", "replicas: 3").replace("1.25", "1.27"),
    "k8s/base/new.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: new\n",
    "k8s/overlay/app.conf": "one\n2\nthree\n",
  });
  writeFileSync(
    join(overlay, "kustomization.yaml"),
    `namespace: prod
resources:
- ../base
- linked.yaml
configMapGenerator:
- name: settings
  files: [app.conf]
secretGenerator:
- name: keys
  literals: [password=swordfish]
`,
  );
  git("add", ".");
  git("commit", "--quiet", "--message=second");
  write({
    "k8s/fresh/kustomization.yaml": "resources:\n- a.yaml\n",
    "k8s/fresh/a.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n",
  });
}

describe("diffAgainst()", () => {
  test("tells resource by resource what changes, and no secret", () => {
    expect(
      formatText(diffAgainst(overlay, { against: "v1" })).replaceAll(home, ""),
    ).toBe(`~ Deployment prod/web
    spec.replicas: 1 → 3
    spec.template.spec.containers[name=main].image: "nginx:1.25" → "nginx:1.27"
+ ServiceAccount prod/new
    +apiVersion: v1
    +kind: ServiceAccount
    +metadata:
    +  name: new
    +  namespace: prod
~ ConfigMap prod/settings-fgd2467k7k → settings-hf5mftm8g5
    data["app.conf"]:
       one
      -two
      +2
       three
~ Secret prod/keys-cf85kd65mm → keys-gmkt9g9hg6
    data.password: "(hidden, before)" → "(hidden, after)"
- ServiceAccount prod/old
    -apiVersion: v1
    -kind: ServiceAccount
    -metadata:
    -  name: old
    -  namespace: prod

1 added, 3 changed, 1 removed
`);
  });

  test.each(["v1", "HEAD~1", "main~1", "v1^{commit}"])("knows the commit by %s", (against) => {
    expect(diffAgainst(overlay, { against }).changes.length).toBe(5);
  });

  test.each([
    [["v1"], "~ Deployment prod/web\n", 0],
    [["v1", "--json"], '{\n  "path": ', 0],
    [["v1", "--markdown"], "<details><summary>", 0],
    [["v1", "--exit-code"], "~ Deployment prod/web\n", 1],
    [["main", "--exit-code"], "No changes of ", 0],
  ])("is printed for --against %j", (words, part, code) => {
    const { stdout, exitCode } = runDiff([overlay, "--against", ...words]);
    expect(stdout).toContain(part);
    expect(exitCode).toBe(code);
  });

  test("shows a folder that the commit does not have as new", () => {
    const { changes } = diffAgainst(join(home, "k8s/fresh"), { against: "main" });
    expect(changes.map(({ change, name }) => [change, name])).toEqual([["added", "a"]]);
  });

  test("finds nothing where nothing changed, through a link as well", () => {
    const diff = diffAgainst(overlay, { against: "main" });
    expect(diff.changes).toEqual([]);
    expect(formatText(diff)).toBe(`No changes of ${overlay} against main\n`);
  });

  test.each([
    ["nothing-of-that-name", "GIT"],
    ["--output=x", "USAGE"],
    ["", "USAGE"],
  ])("refuses the commit %j", (against, code) => {
    expect(() => diffAgainst(overlay, { against })).toThrow(expect.objectContaining({ code }));
  });

  test("says on which side a build fails", () => {
    expect(() => diffAgainst(join(home, "k8s/broken"), { against: "v1" })).toThrow("(in v1)");
  });

  test("wants a kustomization on one side", () => {
    expect(() => diffAgainst(join(home, "k8s/none"), { against: "v1" })).toThrow(
      "neither side has a kustomization",
    );
  });

  test("wants a repository", () => {
    const folder = mkdtempSync(join(tmpdir(), "kustomize-no-git-"));
    expect(() => diffAgainst(folder, { against: "main" })).toThrow("Cannot run git rev-parse");
    rmSync(folder, { recursive: true });
  });
});

const HOSTILE: Diff = {
  path: "a`|<b>",
  ref: "main",
  commit: "0",
  reordered: false,
  changes: [
    {
      change: "changed",
      apiVersion: "v1",
      kind: "ConfigMap",
      namespace: undefined,
      name: "x|`</code><script>",
      fields: [{ path: "data.a", before: "old\n", after: "```\n</details>\n````js\n" }],
    },
  ],
};

describe("formatMarkdown()", () => {
  test("lets nothing out of its fence or its cell", () => {
    expect(
      formatMarkdown(HOSTILE),
    ).toBe(`### <code>a&#96;&#124;&#60;b&#62;</code> against <code>main</code>

0 added, 1 changed, 0 removed

| | resource | fields |
|---|---|---|
| <code>&#126;</code> changed | <code>ConfigMap x&#124;&#96;&#60;/code&#62;&#60;script&#62;</code> | 1 |

<details><summary><code>&#126; ConfigMap x&#124;&#96;&#60;/code&#62;&#60;script&#62;</code></summary>

\`\`\`\`\`diff
@@ data.a @@
-old
+\`\`\`
+</details>
+\`\`\`\`js
\`\`\`\`\`

</details>
`);
  });

  test.each([100, 300, 1_000, 5_000])("stays below %d characters", (most) => {
    const [change] = HOSTILE.changes;
    const changes = Array.from({ length: 50 }, () => change).flatMap((each) => each ?? []);
    const text = formatMarkdown({ ...HOSTILE, changes }, most);
    expect(text.length).toBeLessThanOrEqual(Math.max(most, 220));
    expect(text).toMatch(/left out here|too long to be shown/);
  });

  test.each([
    [220, "2 further resources are left out here.\n"],
    [300, "1 further resource is left out here.\n"],
    [380, "2 of the diffs are too long to be shown here.\n"],
    [480, "1 of the diffs is too long to be shown here.\n"],
  ])("says at %d characters how much it left out", (most, sentence) => {
    const fields = [{ path: "data.a", before: "old\n", after: "new\n" }];
    const [change] = HOSTILE.changes.map((each) => ({ ...each, name: "a", fields }));
    const changes = [change, change].flatMap((each) => each ?? []);
    expect(formatMarkdown({ ...HOSTILE, path: "a", changes }, most)).toEndWith(sentence);
  });
});
