import type { Mesh, MeshRequest } from "@hookline/mesh";
import { askMesh } from "./ask-mesh.ts";
import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** Who reports what a model answered, and who counts it. */
const REPORTER = "model-service";
const BOOK = "shadow-report";

/**
 * shadow-report takes reports of the model services and of nobody else, and they can do nothing but
 * report: whoever could report otherwise could have a model promoted.
 */
export function checkReports(tree: Tree): Finding[] {
  const book = tree.services.find(({ metadata }) => metadata.name === BOOK);
  if (book === undefined) return [];
  return askMesh(tree, (mesh) => findOpen(tree, mesh, book.metadata.namespace ?? "default"));
}

function findOpen(tree: Tree, mesh: Mesh, namespace: string): Finding[] {
  const accounts = new Set(tree.serviceAccounts.map(({ metadata }) => metadata.name));
  const allows = (serviceAccount: string, method: string, path: string) => {
    const source = { kind: "workload", namespace, labels: {}, serviceAccount } as const;
    const decision = mesh.router(source).decide(buildRequest(method, path), () => 0);
    return decision.kind === "forward";
  };
  const others = [...accounts, "default"].filter((one) => one !== REPORTER);
  const open = others.filter((one) => allows(one, "POST", "/reports"));
  return [
    ...open.map((one) => `takes reports of "${one}"`),
    ...(allows(REPORTER, "POST", "/reports") ? [] : [`takes no reports of "${REPORTER}"`]),
    ...(allows(REPORTER, "GET", "/api/report") ? [`lets "${REPORTER}" read`] : []),
  ].map((message) => ({ check: "reports-are-true", resource: `Service/${BOOK}`, message }));
}

function buildRequest(method: string, path: string): MeshRequest {
  return {
    method,
    path,
    authority: BOOK,
    scheme: "http",
    clientAddress: "127.0.0.1",
    header: () => undefined,
  };
}
