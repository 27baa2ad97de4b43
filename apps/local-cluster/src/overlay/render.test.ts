// Needs git.
import { afterEach, expect, test } from "bun:test";
import { createTree, type Tree } from "../testing/tree.ts";
import { renderOverlay } from "./render.ts";
import { renderApart } from "./render-apart.ts";

const SLOW = 120_000;
const trees: Tree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

const settings = (value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  value: "${value}"\n`;

function open(): Tree {
  const tree = createTree({
    "gitops/base/kustomization.yaml": "resources:\n  - settings.yaml\n",
    "gitops/base/settings.yaml": settings("one"),
    "gitops/overlays/blue/kustomization.yaml": "resources:\n  - ../../base\nnamespace: blue\n",
    "gitops/overlays/green/kustomization.yaml": "resources:\n  - ../../base\nnamespace: green\n",
  });
  trees.push(tree);
  tree.git("init", "--quiet", "--initial-branch=main");
  tree.commit("first");
  return tree;
}

const requestOf = ({ folder }: Tree, more: object = {}) => ({
  gitops: `${folder}/gitops`,
  overlay: "blue",
  ...more,
});

test("renderOverlay() renders what lies there, and with a commit what was committed", () => {
  const tree = open();
  tree.write("gitops/base/settings.yaml", settings("two"));
  expect(renderOverlay(requestOf(tree)).resources).toMatchObject([
    { kind: "ConfigMap", metadata: { namespace: "blue" }, data: { value: "two" } },
  ]);
  expect(renderOverlay(requestOf(tree, { commit: "main" })).resources).toMatchObject([
    { data: { value: "one" } },
  ]);
});

test("renderOverlay() gives the values of istiod with it, of what lies there or was committed", () => {
  const tree = open();
  expect(renderOverlay(requestOf(tree)).istiod).toBeUndefined();
  tree.write("gitops/platform/istiod/values.yaml", "meshConfig:\n  rootNamespace: mesh\n");
  tree.commit("second");
  tree.write("gitops/platform/istiod/values.yaml", "meshConfig: {}\n");
  expect(renderOverlay(requestOf(tree)).istiod).toEqual({ meshConfig: {} });
  expect(renderOverlay(requestOf(tree, { commit: "main" })).istiod).toEqual({
    meshConfig: { rootNamespace: "mesh" },
  });
});

test.each([
  ["lies there", {}],
  ["was committed", { commit: "main" }],
])("renderOverlay() names the overlays that exist, of what %s", (_, more) => {
  expect(() => renderOverlay(requestOf(open(), { overlay: "red", ...more }))).toThrow(
    'Cannot run overlay "red": blue, green exist',
  );
});

test("renderOverlay() says that a folder has no overlays", () => {
  const { folder } = open();
  expect(() => renderOverlay({ gitops: `${folder}/base`, overlay: "blue" })).toThrow(
    `Cannot find overlays: "${folder}/base" has no folder overlays`,
  );
});

test(
  "renderApart() gives the same resources as renderOverlay()",
  async () => {
    const tree = open();
    expect(await renderApart(requestOf(tree))).toEqual({
      ...renderOverlay(requestOf(tree)),
      doubts: [],
    });
  },
  SLOW,
);

test.each([
  [
    "a kustomization that cannot be built",
    "gitops/base/kustomization.yaml",
    "resource: []\n",
    /^Cannot render overlay "blue": .*resource/,
  ],
  [
    "a route that cannot be read",
    "gitops/base/settings.yaml",
    "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: app\nspec:\n  host: x\n",
    /^Cannot route: VirtualService\/blue\/app/,
  ],
  [
    "what the gateway does not speak",
    "gitops/base/settings.yaml",
    "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: api\nspec:\n  hosts: [api.example]\n",
    /^Cannot run ServiceEntry "blue\/api": api\.example is outside/,
  ],
])(
  "renderApart() refuses %s, in one sentence",
  async (_, path, text, message) => {
    const tree = open();
    tree.write(path, text);
    const error = await renderApart(requestOf(tree)).catch((reason: Error) => reason.message);
    expect(error).toMatch(message);
    expect(error).not.toContain("\n");
  },
  SLOW,
);

const DOUBTFUL = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec:
  hosts: [a]
  http:
    - route:
        - { weight: 80, destination: { host: a } }
        - { weight: 25, destination: { host: b } }
---
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: b }
spec: { ports: [{ name: http, port: 80 }] }
`;

test(
  "renderApart() tells what the lint only warns of",
  async () => {
    const tree = open();
    tree.write("gitops/base/settings.yaml", DOUBTFUL);
    const { doubts = [] } = await renderApart(requestOf(tree));
    expect(doubts.join("\n")).toContain("The weights sum to 105, wished: 100 (HKL0104)");
  },
  SLOW,
);
