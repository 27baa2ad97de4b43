import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import { type ApplicationState, readApplicationState } from "./application-state.ts";
import { type Connection, readMessage } from "./kube/connection.ts";
import { explainRefusal } from "./kube/explain.ts";
import { parseItems } from "./kube/resource.ts";

const PATH = `/apis/argoproj.io/v1alpha1/namespaces/${ARGO_CD_NAMESPACE}/applications`;

/** All applications of the cluster, the root first. */
export async function listApplications(
  connection: Pick<Connection, "request" | "server">,
): Promise<ApplicationState[]> {
  const { status, body } = await connection.request({ method: "GET", path: PATH });
  if (status !== 200) {
    const message =
      status === 404
        ? `Argo CD is not installed at ${connection.server}`
        : (readMessage(body) ?? "the server gave no reason");
    throw explainRefusal({ action: "list the applications", status, message });
  }
  return parseItems(body)
    .map(readApplicationState)
    .sort((a, b) => Number(b.name === "root") - Number(a.name === "root"));
}
