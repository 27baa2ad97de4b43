import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLI = join(import.meta.dir, "cli.ts");
const TIMEOUT_MS = 120_000;
const home = mkdtempSync(join(tmpdir(), "kustomize-cli-"));
beforeAll(() => {
  mkdirSync(join(home, "out"));
  writeFileSync(
    join(home, "kustomization.yaml"),
    "# all of it\nresources:\n- r.yaml # both\nsortOptions:\n  order: fifo\n",
  );
  writeFileSync(
    join(home, "r.yaml"),
    `apiVersion: v1
kind: Service
metadata:
  name: Web
  namespace: one
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: two
`,
  );
  mkdirSync(join(home, "bad"));
  writeFileSync(join(home, "bad/kustomization.yaml"), "resources:\n- a.yaml\nimage: []\n");
});
afterAll(() => rmSync(home, { recursive: true }));

function runIn(
  folder: string,
  ...words: readonly string[]
): { exitCode: number; stdout: string; stderr: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, CLI, ...words], {
    cwd: folder,
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

const run = (...words: readonly string[]) => runIn(home, ...words);

describe("kustomize build", () => {
  const text = `apiVersion: v1
kind: Service
metadata:
  name: Web
  namespace: one
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: two
`;
  test.each([[["build"]], [["build", "."]], [["build", home]]])(
    "%j prints the resources",
    (words) => {
      expect(run(...words)).toEqual({ exitCode: 0, stdout: text, stderr: "" });
    },
    TIMEOUT_MS,
  );

  test(
    "what is for functions alone changes nothing",
    () => {
      const flags = "--enable-alpha-plugins --enable-exec --as-current-user --network -e A=1";
      const more = "--env=B --mount type=bind --network-name bridge".split(" ");
      const { exitCode, stdout } = run("build", ...flags.split(" "), ...more);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: text });
    },
    TIMEOUT_MS,
  );

  test.each([
    ["no/such", `not a valid directory: evalsymlink failure on 'no/such' : lstat ${home}/no: `],
    ["r.yaml", "'r.yaml': file is not directory"],
  ])(
    "%s, which is no folder, is named as it was given",
    (folder, reason) => {
      expect(run("build", folder).stderr).toStartWith(`Error: must build at directory: ${reason}`);
    },
    TIMEOUT_MS,
  );

  test(
    "-o FILE writes them",
    () => {
      expect(run("build", "-o", "one.yaml").stdout).toBe("");
      expect(readFileSync(join(home, "one.yaml"), "utf8")).toBe(text);
    },
    TIMEOUT_MS,
  );

  test(
    "-o FOLDER writes a file for each, named as the real one names them",
    () => {
      expect(run("build", "--output=out")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(readdirSync(join(home, "out")).sort()).toEqual([
        "one_v1_service_web.yaml",
        "rbac.authorization.k8s.io_v1_clusterrole_reader.yaml",
        "two_apps_v1_deployment_web.yaml",
      ]);
      expect(readFileSync(join(home, "out/one_v1_service_web.yaml"), "utf8")).toBe(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: Web\n  namespace: one\n",
      );
    },
    TIMEOUT_MS,
  );

  test(
    "--json prints a list",
    () => {
      const { stdout } = run("build", "--json");
      expect(JSON.parse(stdout).map(({ kind }: { kind: string }) => kind)).toEqual([
        "Service",
        "ClusterRole",
        "Deployment",
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    "--json prints integers with all their digits",
    () => {
      mkdirSync(join(home, "big"));
      writeFileSync(join(home, "big/kustomization.yaml"), "resources:\n- r.yaml\n");
      writeFileSync(
        join(home, "big/r.yaml"),
        "apiVersion: v1\nkind: A\nmetadata:\n  name: a\nspec: 12345678901234567890\n",
      );
      const { exitCode, stdout } = run("build", "big", "--json");
      expect({ exitCode, last: stdout.split("\n").at(-4) }).toEqual({
        exitCode: 0,
        last: '    "spec": 12345678901234567890',
      });
    },
    TIMEOUT_MS,
  );

  // What kustomize 5.8.1 says, less the time in front of the second line.
  test(
    "flags that will go are told on stderr",
    () => {
      expect(run("build", "--reorder=legacy").stderr).toBe(
        "Flag --reorder has been deprecated, use the new 'sortOptions' field in kustomization.yaml instead.\n" +
          "Warning: Sorting order is set both in 'kustomization.yaml' ('sortOptions') and in a CLI flag " +
          "('--reorder'). Using the kustomization file over the CLI flag.\n",
      );
    },
    TIMEOUT_MS,
  );

  test(
    "an error names the file and the field, on stderr",
    () => {
      const { exitCode, stdout, stderr } = run("build", "bad");
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(/^Error: .*kustomization\.yaml.*"?image"?/);
      expect(stderr).not.toContain("    at ");
    },
    TIMEOUT_MS,
  );

  test(
    "--json makes the error JSON",
    () => {
      const { error } = JSON.parse(run("build", "bad", "--json").stderr);
      expect(error).toMatchObject({ code: "UNKNOWN_FIELD", field: "image" });
    },
    TIMEOUT_MS,
  );
});

test("what cannot be written is no wrong call", () => {
  const { exitCode, stderr } = run("build", "-o", "no/such/folder");
  expect([exitCode, stderr.slice(0, 19)]).toEqual([1, "Error: Cannot write"]);
});

test.each([
  [["build", "a", "b"], "Error: specify one path to kustomization.yaml\n"],
  [["build", "--nothing"], "Error: unknown flag: --nothing\n"],
  [
    ["build", "--reorder=unspecified"],
    "Error: illegal flag value --reorder unspecified; legal values: [legacy none]\n",
  ],
  [["build", ""], "Error: must build at directory: directory path cannot be empty\n"],
  [
    ["build", "--load-restrictor=none"],
    "Error: illegal flag value --load-restrictor none; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]\n",
  ],
  [["edit", "paint"], 'Error: there is no edit "paint"; see edit --help\n'],
  [
    ["diff"],
    "Error: name one folder and a commit to compare with, as in diff overlay --against HEAD\n",
  ],
  [["paint"], 'Error: there is no command "paint"; see --help\n'],
])(
  "kustomize %j is refused",
  (words, message) => {
    const { exitCode, stdout, stderr } = run(...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toStartWith(message);
  },
  TIMEOUT_MS,
);

test.each([
  [[], "Usage: kustomize COMMAND"],
  [["--help"], "Usage: kustomize COMMAND"],
  [["build", "--help"], "Usage: kustomize build [DIR]"],
  [["edit", "--help"], "Usage: kustomize edit COMMAND"],
  [["edit", "set", "--help"], "  set image "],
  [["edit", "set", "image", "--help"], "Usage: kustomize edit set image IMAGE=NEWIMAGE"],
  [["edit", "add", "configmap", "-h"], "      --from-literal KEY=VALUE"],
  [["diff", "--help"], "Usage: kustomize diff [DIR] --against REF"],
  [["help"], "Usage: kustomize COMMAND ..."],
  [["help", "edit", "set", "image"], "Usage: kustomize edit set image"],
  [["version"], "kustomize-ts 0.1.0, which renders as kustomize 5.8.1\n"],
])(
  "kustomize %j tells",
  (words, part) => {
    const { exitCode, stdout, stderr } = run(...words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(part);
  },
  TIMEOUT_MS,
);

test(
  "kustomize edit changes the file at hand and says what it left",
  () => {
    const folder = join(home, "edited");
    mkdirSync(folder);
    writeFileSync(join(folder, "r.yaml"), "");
    writeFileSync(join(folder, "kustomization.yaml"), "# all of it\nresources:\n- r.yaml # both\n");
    expect(runIn(folder, "edit", "set", "nameprefix", "p-")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
    const text = readFileSync(join(folder, "kustomization.yaml"), "utf8");
    expect(text).toStartWith("# all of it\nresources:\n- r.yaml # both\n");
    expect(text).toEndWith("namePrefix: p-\n");
    expect(runIn(folder, "edit", "add", "resource", "r.yaml").stderr).toBe(
      "Warning: resource r.yaml already in kustomization file\n",
    );
    expect(runIn(folder, "edit", "remove", "label", "x")).toMatchObject({ exitCode: 1 });
  },
  TIMEOUT_MS,
);

test(
  "kustomize build appends to the files that its streams are",
  () => {
    const script = 'echo before > out.txt; echo before > err.txt; "$0" "$@" >> out.txt 2>> err.txt';
    const build = (folder: string): string[] => {
      Bun.spawnSync(["sh", "-c", script, process.execPath, CLI, "build", folder], { cwd: home });
      return ["out.txt", "err.txt"].map((file) => readFileSync(join(home, file), "utf8"));
    };
    expect(build(".")).toEqual([`before\n${run("build").stdout}`, "before\n"]);
    expect(build("bad")).toEqual(["before\n", `before\n${run("build", "bad").stderr}`]);
  },
  TIMEOUT_MS,
);
