import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import {
  AuthenticationV1Api,
  AuthorizationV1Api,
  type V1ResourceAttributes,
} from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";
import { type Connection, callApi } from "./connection.ts";

const RBAC = "rbac.authorization.k8s.io";

/** What the installation of Argo CD writes: group, plural, and the namespace if it is in one. */
const WRITTEN: readonly (readonly [group: string, resource: string, namespace?: string])[] = [
  ["", "namespaces"],
  ["apiextensions.k8s.io", "customresourcedefinitions"],
  [RBAC, "clusterroles"],
  [RBAC, "clusterrolebindings"],
  ...["configmaps", "secrets", "serviceaccounts", "services"].map(
    (resource) => ["", resource, ARGO_CD_NAMESPACE] as const,
  ),
  ...["deployments", "statefulsets"].map(
    (resource) => ["apps", resource, ARGO_CD_NAMESPACE] as const,
  ),
  ...["roles", "rolebindings"].map((resource) => [RBAC, resource, ARGO_CD_NAMESPACE] as const),
  ["networking.k8s.io", "networkpolicies", ARGO_CD_NAMESPACE],
  ...["applications", "appprojects"].map(
    (resource) => ["argoproj.io", resource, ARGO_CD_NAMESPACE] as const,
  ),
];

/** Server-side apply of what does not exist asks for both. */
const VERBS = ["create", "patch"];

/** Argo CD's role allows everything, and only who has everything, or may escalate, can grant it. */
const GRANTING: readonly V1ResourceAttributes[] = [
  { verb: "escalate", group: RBAC, resource: "clusterroles" },
  { verb: "bind", group: RBAC, resource: "clusterroles" },
];

/** Whether its nodes can run what comes is read before anything is written. */
const READ: readonly V1ResourceAttributes[] = [{ verb: "list", group: "", resource: "nodes" }];

/** The name under which the cluster knows the kubeconfig's user. Refuses a user it does not accept. */
export async function readUser(connection: Connection): Promise<string> {
  const review = await callApi(
    "ask the cluster who we are",
    connection.api(AuthenticationV1Api).createSelfSubjectReview({ body: {} }),
  );
  return review.status?.userInfo?.username ?? "unknown";
}

/** Refuses a user who may not install Argo CD, naming what is missing. */
export async function checkRights(connection: Connection, user: string): Promise<void> {
  const needed = [
    ...WRITTEN.flatMap(([group, resource, namespace]) =>
      VERBS.map((verb) => ({
        verb,
        group,
        resource,
        ...(namespace === undefined ? {} : { namespace }),
      })),
    ),
    ...GRANTING,
    ...READ,
  ];
  const allowed = await Promise.all(needed.map((one) => isAllowed(connection, one)));
  const missing = needed.filter((_, index) => !allowed[index]).map(nameRight);
  if (missing.length === 0) return;
  const some = missing.slice(0, 4).join(", ");
  const more = missing.length > 4 ? ` and ${missing.length - 4} more` : "";
  throw new BootstrapError(`Cannot install Argo CD: user "${user}" may not ${some}${more}`, {
    code: "FORBIDDEN",
    next: `Use a user who is cluster-admin, or have one grant it: kubectl create clusterrolebinding hookline-bootstrap --clusterrole=cluster-admin --user=${user}`,
  });
}

async function isAllowed(
  connection: Connection,
  resourceAttributes: V1ResourceAttributes,
): Promise<boolean> {
  const review = await callApi(
    "ask the cluster what we may do",
    connection
      .api(AuthorizationV1Api)
      .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } }),
  );
  return review.status?.allowed === true;
}

function nameRight({ verb, resource, namespace }: V1ResourceAttributes): string {
  return `${verb} ${resource}${namespace === undefined ? "" : ` in ${namespace}`}`;
}
