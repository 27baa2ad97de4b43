// Needs git.
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { listOverlays } from "./render.ts";
import { type Copy, copyRepository, type Said } from "./throw-away.ts";

// `bun run render` and `bun run diff` as who has just cloned the repository, and breaks it.

const LONG = 120_000;
const copy = copyRepository({ git: true });
const bare = copyRepository({ git: false });
afterAll(() => {
  for (const { root } of [copy, bare]) rmSync(root, { recursive: true });
}, LONG);
beforeEach(() => {
  copy.git("checkout", "--quiet", "--", ".");
  copy.git("clean", "--quiet", "--force", "-d", "gitops");
}, LONG);

const inTree = (path: string) => join(copy.root, "gitops", path);
const render = (): Said => copy.run(["bun", "run", "--silent", "render"]);
const diff = (words: readonly string[] = [], { run }: Copy = copy): Said =>
  run(["bun", "run", "--silent", "diff", ...words]);
const NOTHING = listOverlays().map((overlay) => `${overlay}: nothing changes\n`);

describe("bun run diff", () => {
  test(
    "of a tree as it was committed says that nothing changes",
    () => expect(diff()).toEqual({ output: NOTHING.join(""), errors: "", code: 0 }),
    LONG,
  );

  test(
    "sees what is not committed yet",
    () => {
      appendFileSync(inTree("base/app/app.env"), "COLOUR=blue\n");
      const { output, code } = diff();
      expect(output).toMatch(
        /canary:\n {2}~ ConfigMap hookline-canary\/app-\w+ → app-\w+\n {6}data.COLOUR: nothing → "blue"\n/,
      );
      expect(code).toBe(0);
    },
    LONG,
  );

  test(
    "--json is one list, of a name and its changes each",
    () => {
      const Changes = z.array(
        z.strictObject({
          name: z.string(),
          changes: z.array(
            z.strictObject({
              change: z.string(),
              kind: z.string(),
              namespace: z.string().optional(),
              name: z.string(),
              oldName: z.string().optional(),
              fields: z.array(z.unknown()),
            }),
          ),
        }),
      );
      writeFileSync(
        inTree("overlays/shadow/kustomization.yaml"),
        "namespace: hookline-shadow\nresources:\n  - ../../base\n",
      );
      const found = Changes.parse(JSON.parse(diff(["--json", "HEAD"]).output));
      expect(found.map(({ name }) => name)).toEqual(listOverlays());
      const gone = found.find(({ name }) => name === "shadow")?.changes ?? [];
      expect(gone).toContainEqual({
        change: "removed",
        kind: "Deployment",
        namespace: "hookline-shadow",
        name: "model-service-v2",
        fields: [],
      });
      expect(found.filter(({ changes }) => changes.length > 0).length).toBe(1);
    },
    LONG,
  );

  test(
    "shows an application that changes, and an overlay that goes, its namespace last",
    () => {
      rmSync(inTree("overlays/canary"), { recursive: true });
      rmSync(inTree("golden/canary.yaml"));
      rmSync(inTree("applications/application-istiod.yaml"));
      const { output } = diff();
      expect(output).toStartWith("applications:\n  - Application argocd/istiod\n");
      expect(output).toContain("\nshadow: nothing changes\n");
      const gone = output.slice(output.indexOf("\ncanary:\n"));
      expect(gone).toContain("  - VirtualService hookline-canary/app\n");
      // Last of all, because it takes everything in it along.
      expect(gone.trimEnd()).toEndWith("  - Namespace hookline-canary");
    },
    LONG,
  );

  test.each([
    ["no such commit", ["nosuch"], 'Cannot diff: there is no commit "nosuch"', 2],
    ["two commits", ["HEAD", "main"], '"HEAD main" is more than one commit', 2],
    ["an option that it does not know", ["--jsn"], "--jsn", 2],
  ])(
    "refuses %s",
    (_, words, message, code) => {
      const said = diff(words);
      expect(said.errors).toContain(message);
      expect([said.output, said.code]).toEqual(["", code]);
    },
    LONG,
  );

  test(
    "says that there is no repository, or no git",
    () => {
      expect(diff([], bare)).toMatchObject({
        errors: expect.stringMatching(/^Cannot diff: \S+ is in no Git repository\n/),
        code: 1,
      });
      const said = bare.run([process.execPath, "gitops/cli.ts", "diff"], { PATH: "/nowhere" });
      expect(said).toMatchObject({ errors: "Cannot diff: git is not installed\n", code: 1 });
    },
    LONG,
  );
});

/** Faults that both commands meet, and what they say of them. */
const BROKEN = [
  [
    "an overlay that is no YAML",
    () => writeFileSync(inTree("overlays/canary/kustomization.yaml"), "resources: [\n"),
    /^Cannot render overlay "canary": .*kustomization.yaml/m,
  ],
  [
    "a component that is not there",
    () => rmSync(inTree("components/canary"), { recursive: true }),
    /^Cannot render overlay "canary": .*canary/m,
  ],
  [
    "an overlay without a kustomization",
    () => mkdirSync(inTree("overlays/staging")),
    /^Cannot render overlay "staging": .*kustomization.yaml/m,
  ],
] as const;

describe("a broken tree", () => {
  test.each([...BROKEN])(
    "%s is named by both",
    (_, breakIt, message) => {
      breakIt();
      for (const said of [render(), diff()]) {
        expect(said.errors).toMatch(message);
        // No stack: it is the tree that is wrong.
        expect(said.errors).not.toMatch(/^\s+at /m);
        expect(said.code).toBe(1);
      }
    },
    LONG,
  );

  test(
    "an application that is no YAML is named by diff, and written anew by render",
    () => {
      const path = inTree("applications/application-istiod.yaml");
      appendFileSync(path, "spec: [\n");
      expect(diff().errors).toMatch(/^Cannot read applications\/application-istiod.yaml: /);
      expect(render().output).toContain("gitops/applications/application-istiod.yaml\n");
      expect(diff().output).toBe(NOTHING.join(""));
    },
    LONG,
  );
});

test("each command of its own tells how itself is used", () => {
  const tell = (word: string) => copy.run(["bun", "run", "--silent", word, "--help"]).output;
  expect(tell("diff")).toStartWith("Usage: bun run diff [COMMIT]");
  expect(tell("render")).toStartWith("Usage: bun run render\n");
  for (const word of ["diff", "render"]) expect(tell(word)).not.toContain("gitops/cli.ts");
}, 120_000);

test.each([
  [["diff", "nosuch"], 2, "BAD_ARGUMENT"],
  [["diff", "--jsn"], 2, "BAD_ARGUMENT"],
  [["render"], 2, "BAD_ARGUMENT"],
  [["bench", "nosuch"], 2, "BAD_ARGUMENT"],
])(
  "bun run %j --json tells its error to programs",
  (words, code, name) => {
    const said = copy.run(["bun", "run", "--silent", ...words, "--json"]);
    expect([said.output, said.code]).toEqual(["", code]);
    expect(JSON.parse(said.errors)).toEqual({
      error: { code: name, message: expect.stringMatching(/^Cannot /) },
    });
  },
  LONG,
);

describe("bun run render", () => {
  test(
    "of a tree as it was committed changes no file",
    () => {
      const seen = [
        "applications and platform",
        "dashboards",
        "golden",
        "compose/prometheus/rules.yaml",
      ];
      const output = seen.map((name) => `${name}: nothing changed\n`).join("");
      expect(render()).toMatchObject({ output, code: 0 });
      expect(copy.git("status", "--porcelain", "gitops").output).toBe("");
    },
    LONG,
  );

  test(
    "writes what is generated where somebody changed it, by name",
    () => {
      const generated = ["golden/shadow.yaml", "components/monitoring/dashboards/slo.json"];
      for (const path of generated) appendFileSync(inTree(path), "\n# mine\n");
      const { output } = render();
      for (const path of generated) expect(output).toContain(`gitops/${path}\n`);
      expect(copy.git("status", "--porcelain", "gitops").output).toBe("");
    },
    LONG,
  );

  test(
    "adds the golden file of a new overlay, and deletes that of one that is gone",
    () => {
      const text = "namespace: hookline-staging\nresources:\n  - ../../base\n";
      mkdirSync(inTree("overlays/staging"));
      writeFileSync(inTree("overlays/staging/kustomization.yaml"), text);
      rmSync(inTree("overlays/canary"), { recursive: true });
      expect(render().output).toContain(
        "gitops/golden/staging.yaml\ngitops/golden/canary.yaml: deleted, there is no such overlay\n",
      );
      expect(readdirSync(dirname(inTree("golden/staging.yaml")))).toContain("staging.yaml");
      expect(existsSync(inTree("golden/canary.yaml"))).toBe(false);
    },
    LONG,
  );

  test.each([
    [["render", "canary"], 2],
    [["render", "--help"], 0],
    [["diff", "--help"], 0],
    [["gitops/cli.ts", "seal", "--help"], 0],
    [["gitops/cli.ts", "sael"], 2],
  ])(
    "bun run %j tells how it is used",
    (words, code) => {
      const said = copy.run(["bun", "run", "--silent", ...words]);
      expect(code === 0 ? said.output : said.errors).toContain("Usage: ");
      expect(said.code).toBe(code);
    },
    LONG,
  );
});
