import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { build } from "./build.ts";
import { createMemoryFileSystem, type FileSystem } from "./file-system.ts";
import {
  type Files,
  MAP,
  ONE,
  runHostile,
  TIME_LIMIT_MS,
  useHostileHome,
} from "./hostile-input.ts";

const write = useHostileHome();

const REFUSED: readonly (readonly [string, Files, RegExp])[] = [
  ["a base that is its own", { "kustomization.yaml": "resources:\n- .\n" }, /^CYCLE$/],
  [
    "bases that go round",
    {
      "kustomization.yaml": "resources:\n- a\n",
      "a/kustomization.yaml": "resources:\n- ../b\n",
      "b/kustomization.yaml": "resources:\n- ../a\n",
    },
    /^CYCLE$/,
  ],
  [
    "components that go round",
    {
      "kustomization.yaml": "components:\n- a\n",
      "a/kustomization.yaml":
        "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncomponents:\n- ../a\n",
    },
    /^CYCLE$/,
  ],
  [
    "a resource above the root",
    { "k/kustomization.yaml": "resources:\n- ../r.yaml\n", "r.yaml": MAP },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "an absolute resource",
    { "kustomization.yaml": "resources:\n- /etc/hostname\n" },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a link that leads out",
    { "k/kustomization.yaml": ONE, "k/r.yaml": { link: "../r.yaml" }, "r.yaml": MAP },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a linked folder that leads out",
    {
      "k/kustomization.yaml": "resources:\n- sub/r.yaml\n",
      "k/sub": { link: ".." },
      "r.yaml": MAP,
    },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a generator file above the root",
    {
      "k/kustomization.yaml": "configMapGenerator:\n- name: a\n  files: [../secret]\n",
      secret: "s",
    },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "an env file above the root",
    { "k/kustomization.yaml": "secretGenerator:\n- name: a\n  envs: [../secret]\n", secret: "a=b" },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a patch above the root",
    {
      "k/kustomization.yaml": `${ONE}patches:\n- path: ../p.yaml\n`,
      "k/r.yaml": MAP,
      "p.yaml": MAP,
    },
    /^OUTSIDE_ROOT$/,
  ],
  [
    "a link to itself",
    { "kustomization.yaml": ONE, "r.yaml": { link: "r.yaml" } },
    /^(FILE_NOT_FOUND|NOT_A_DIRECTORY)$/,
  ],
  [
    "a pipe that nobody writes to",
    { "kustomization.yaml": ONE, "r.yaml": { fifo: true } },
    /^FILE_/,
  ],
  [
    "a device without end",
    { "kustomization.yaml": ONE, "r.yaml": { link: "/dev/zero" } },
    /^(OUTSIDE_ROOT|FILE_)/,
  ],
  [
    "a function that runs a container",
    {
      "kustomization.yaml": "transformers:\n- t.yaml\n",
      "t.yaml":
        "apiVersion: v1\nkind: X\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: x}\n",
    },
    /_REFUSED$/,
  ],
  [
    "a remote resource",
    { "kustomization.yaml": "resources:\n- https://127.0.0.1:1/x.yaml\n" },
    /^REMOTE_DISABLED$/,
  ],
  [
    "a remote base",
    { "kustomization.yaml": "resources:\n- github.com/a/b?ref=main\n" },
    /^REMOTE_DISABLED$/,
  ],
  ["a chart", { "kustomization.yaml": "helmCharts:\n- name: x\n" }, /^HELM_DISABLED$/],
  ["no kustomization", { "r.yaml": MAP }, /^NO_KUSTOMIZATION$/],
  [
    "two kustomizations",
    { "kustomization.yaml": ONE, Kustomization: ONE, "r.yaml": MAP },
    /^MANY_KUSTOMIZATIONS$/,
  ],
];

describe("a hostile folder is refused, in time and memory:", () => {
  test.each(REFUSED)(
    "%s",
    (_, files, code) => {
      const folder = write(files);
      const result = runHostile("k/kustomization.yaml" in files ? join(folder, "k") : folder);
      expect(result.code).toMatch(code);
      expect(result.stdout).toBe("");
    },
    TIME_LIMIT_MS + 10_000,
  );

  test("a file that is there but may not be read", () => {
    const files = createMemoryFileSystem(
      new Map([
        ["kustomization.yaml", ONE],
        ["r.yaml", MAP],
      ]),
    );
    const fs: FileSystem = {
      ...files,
      readFile: (path) => (path === "/r.yaml" ? undefined : files.readFile(path)),
    };
    expect(() => build("/", { fs })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^FILE_/) }),
    );
  });

  test(
    "a device without end, with the root left open",
    () => {
      const folder = write({ "kustomization.yaml": ONE, "r.yaml": { link: "/dev/zero" } });
      expect(runHostile(folder, "--load-restrictor", "LoadRestrictionsNone").code).toMatch(
        /^FILE_/,
      );
    },
    TIME_LIMIT_MS + 10_000,
  );
});
