import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { declareApplications } from "./applications.ts";
import { CHARTS, GATEWAY } from "./charts.ts";
import { renderFiles } from "./render.ts";
import { declareRoot, PUBLISHED } from "./root.ts";

const GITOPS = join(import.meta.dir, "..", "..", "gitops");

describe("renderFiles()", () => {
  const files = renderFiles();

  test.each([...files])("%s is in Git as it is rendered", async (path, text) => {
    expect(await Bun.file(join(GITOPS, path)).text()).toBe(text);
  });

  test.each(["applications", "platform/argo-cd"])("nothing else is in %s", (folder) => {
    const rendered = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
    const found = readdirSync(join(GITOPS, folder)).map((file) => `${folder}/${file}`);
    expect(found.sort()).toEqual(rendered.sort());
  });
});

describe("declareRoot()", () => {
  test("the published repository needs no patch", () => {
    expect(JSON.stringify(declareRoot())).not.toContain("patches");
  });

  const fork = { url: "git://control/hookline", revision: "trunk" };
  const charts = { url: "https://192.168.56.10:6443/charts", installation: "3.5.1-rabc" };
  const deviations = { overlays: ["canary", "shadow"], charts };
  const root = declareRoot(fork, deviations);

  test("reads from the repository that it is given, and so does its project", () => {
    const text = JSON.stringify(root.map(({ spec }) => spec)).replaceAll(/\\"[\s\S]*?\\"/g, "");
    expect(text).toContain(fork.url);
    expect(text).not.toContain(PUBLISHED.url);
  });

  test("its patches make of the published applications those of the repository", () => {
    const patches = root.flatMap((one) =>
      one.kind === "Application" ? (one.spec.source?.kustomize?.patches ?? []) : [],
    );
    const patched = declareApplications(PUBLISHED).map((one) => {
      const own = patches.find(
        ({ target }) => target?.kind === one.kind && target.name === one.metadata.name,
      );
      return replaceAll(structuredClone(one), JSON.parse(own?.patch ?? "[]"));
    });
    const wished = declareApplications(fork, deviations);
    expect(patched).toEqual(wished.map((one) => structuredClone(one)));
    const text = JSON.stringify(patched);
    expect(text).not.toContain(PUBLISHED.url);
    // With a mirror nothing is left that only the internet has.
    for (const { repository } of [...CHARTS, GATEWAY]) expect(text).not.toContain(repository);
    const own = patched.find(({ metadata }) => metadata.name === "argo-cd");
    expect(own?.spec).toMatchObject({
      source: { repoURL: charts.url, chart: "argo-cd", targetRevision: charts.installation },
    });
  });
});

/** RFC 6902's replace, as Kustomize does it. */
function replaceAll<One extends object>(
  document: One,
  operations: readonly { readonly path: string; readonly value: unknown }[],
): One {
  for (const { path, value } of operations) {
    const keys = path.split("/").slice(1);
    const last = keys.pop() ?? "";
    const parent = keys.reduce<unknown>(
      (node, key) => (isObject(node) ? Reflect.get(node, key) : node),
      document,
    );
    if (!isObject(parent)) throw new Error(`Cannot replace "${path}": it does not exist`);
    Reflect.set(parent, last, value);
  }
  return document;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

test.each([
  { words: ["--help"], code: 0 },
  { words: ["production"], code: 2 },
])(
  "bun run render $words tells its use and writes nothing",
  async ({ words, code }) => {
    const command = join(import.meta.dirname, "../../.ci/render.ts");
    const program = Bun.spawn([process.execPath, command, ...words], { stderr: "pipe" });
    const said = await Promise.all([
      new Response(program.stdout).text(),
      new Response(program.stderr).text(),
    ]);
    expect(said.join("")).toContain("Usage: bun run render");
    expect(said.join("")).not.toContain("nothing changed");
    expect(await program.exited).toBe(code);
  },
  120_000,
);
