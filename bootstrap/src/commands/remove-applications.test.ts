import { expect, test } from "bun:test";
import type { Answer, ApiRequest, Connection } from "../kube/connection.ts";
import type { Discovery } from "../kube/discovery.ts";
import { parseOptions } from "../options.ts";
import { createReport } from "../report.ts";
import { ROOT } from "../testing/test-run.ts";
import { removeApplications } from "./remove-applications.ts";

const PREFIX = "/apis/argoproj.io/v1alpha1/namespaces/argocd";

/**
 * An API server with Argo CD behind it: between any two requests the root puts back its children and a set its
 * application, each with a finalizer, by which an application that is deleted takes along what it deployed.
 */
function createCluster() {
  const finalizers = new Map(["root", "platform", "hookline"].map((name) => [name, true]));
  const sets = new Set(["hookline"]);
  const lost: string[] = [];
  const heal = () => {
    if (finalizers.has("root")) finalizers.set("platform", true);
    if (sets.has("hookline")) finalizers.set("hookline", true);
  };
  const list = (names: Iterable<string>) => ({
    status: 200,
    body: { items: [...names].map((name) => ({ metadata: { name } })) },
  });
  const answer = ({ method, path }: ApiRequest): Answer => {
    const [, kind, name = ""] = /\/(applicationsets|applications)(?:\/([\w-]+))?/.exec(path) ?? [];
    if (method === "GET") return list(kind === "applications" ? finalizers.keys() : sets);
    if (kind === "applicationsets") {
      if (!path.endsWith("propagationPolicy=Orphan")) lost.push(name);
      return { status: sets.delete(name) ? 200 : 404, body: {} };
    }
    if (!finalizers.has(name)) return { status: 404, body: {} };
    if (method === "PATCH") finalizers.set(name, false);
    else {
      if (finalizers.get(name)) lost.push(name);
      finalizers.delete(name);
      if (lost.includes("root")) for (const each of [finalizers, sets]) each.clear();
    }
    return { status: 200, body: {} };
  };
  const connection: Pick<Connection, "request" | "server"> = {
    server: "https://cluster.example",
    request: async (request) => {
      heal();
      return answer(request);
    },
  };
  const discovery: Pick<Discovery, "locate"> = {
    locate: async ({ kind, metadata }) => `${PREFIX}/${kind.toLowerCase()}s/${metadata.name}`,
  };
  return { connection, discovery, lost };
}

async function remove(...words: string[]) {
  const { connection, discovery, lost } = createCluster();
  const options = parseOptions(["uninstall", "--yes", "--timeout", "1", ...words], ROOT);
  const report = createReport(() => {}, { json: false });
  await removeApplications({ options, report }, { connection, discovery });
  return lost;
}

test("removeApplications() takes along what was deployed", async () => {
  expect(await remove()).toEqual(["root"]);
});

test("removeApplications() --orphan leaves it, though Argo CD puts applications back", async () => {
  expect(await remove("--orphan")).toEqual([]);
});

test("removeApplications() changes nothing in a dry run", async () => {
  expect(await remove("--dry-run")).toEqual([]);
});
