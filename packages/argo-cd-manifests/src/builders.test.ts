import { describe, expect, test } from "bun:test";
import {
  Application,
  ApplicationSet,
  AppProject,
} from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1";
import { buildAppProject } from "./app-project.ts";
import { buildApplication } from "./application.ts";
import { buildApplicationSet } from "./application-set.ts";
import type { ApplicationSource } from "./source.ts";

const git: ApplicationSource = {
  repoURL: "https://git.example/one.git",
  targetRevision: "main",
  path: "gitops",
};
const chart: ApplicationSource = {
  repoURL: "https://charts.example",
  targetRevision: "1.2.3",
  chart: "one",
};

/** As Kubernetes would get it. */
function copy(value: object) {
  return JSON.parse(JSON.stringify(value));
}

describe("buildApplication()", () => {
  const application = buildApplication("one", {
    project: "p",
    namespace: "n",
    sources: [git],
    wave: 3,
  });

  test("gives what Argo CD's own schema takes", () => {
    expect(() => new Application(copy(application)).validate()).not.toThrow();
  });

  test("is in Argo CD's namespace, in its wave, and takes along what it deployed", () => {
    expect(application.metadata).toEqual({
      name: "one",
      namespace: "argocd",
      annotations: { "argocd.argoproj.io/sync-wave": "3" },
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    });
  });

  test("follows Git by itself and applies on the server's side", () => {
    expect(application.spec.syncPolicy?.automated).toEqual({ prune: true, selfHeal: true });
    expect(application.spec.syncPolicy?.syncOptions).toContain("ServerSideApply=true");
  });

  test("one source is source, several are sources", () => {
    const two = buildApplication("two", { project: "p", namespace: "n", sources: [chart, git] });
    expect([application.spec.source, application.spec.sources]).toEqual([git, undefined]);
    expect([two.spec.source, two.spec.sources]).toEqual([undefined, [chart, git]]);
    expect(() => new Application(copy(two)).validate()).not.toThrow();
  });

  test("an exception from comparing is also one from applying", () => {
    const { spec } = buildApplication("one", {
      project: "p",
      namespace: "n",
      sources: [git],
      ignoreDifferences: [{ kind: "Secret", jsonPointers: ["/data/password"] }],
    });
    expect(spec.syncPolicy?.syncOptions).toContain("RespectIgnoreDifferences=true");
    expect(application.spec.syncPolicy?.syncOptions).not.toContain("RespectIgnoreDifferences=true");
  });

  test.each([
    ["no source", [], "it has no source"],
    ["a chart with a path", [{ ...chart, path: "x" }], 'chart "one" has a path as well'],
  ])("refuses %s", (_, sources, message) => {
    expect(() => buildApplication("one", { project: "p", namespace: "n", sources })).toThrow(
      message,
    );
  });
});

describe("buildAppProject()", () => {
  const options = { description: "d", sourceRepos: [git.repoURL], namespaces: ["one", "one-*"] };

  test("gives what Argo CD's own schema takes", () => {
    const project = buildAppProject("one", {
      ...options,
      namespaceKinds: [{ group: "", kind: "Service" }],
    });
    expect(() => new AppProject(copy(project)).validate()).not.toThrow();
  });

  test("allows no kind of the whole cluster by itself", () => {
    expect(buildAppProject("one", options).spec.clusterResourceWhitelist).toEqual([]);
  });

  test.each([
    ["every repository", { ...options, sourceRepos: ["*"] }],
    ["every namespace", { ...options, namespaces: ["one", "*"] }],
  ])("refuses %s", (_, all) => {
    expect(() => buildAppProject("one", all)).toThrow('"*" allows everything');
  });
});

describe("buildApplicationSet()", () => {
  const { spec } = buildApplication("one", {
    project: "p",
    namespace: "{{ .name }}",
    sources: [git],
  });
  const set = buildApplicationSet("all", {
    generators: [
      {
        git: { repoURL: git.repoURL, revision: "main", files: [{ path: "*/environment.yaml" }] },
        selector: { matchLabels: { deploy: "true" } },
      },
    ],
    template: { metadata: { name: "{{ .name }}" }, spec },
    wave: 6,
  });

  test("gives what Argo CD's own schema takes", () => {
    expect(() => new ApplicationSet(copy(set)).validate()).not.toThrow();
  });

  test("a parameter that does not exist is an error", () => {
    expect([set.spec.goTemplate, set.spec.goTemplateOptions]).toEqual([true, ["missingkey=error"]]);
  });
});
