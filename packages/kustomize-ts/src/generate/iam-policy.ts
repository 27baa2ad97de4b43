import { BuildError } from "../errors.ts";
import { createResource, type Resource } from "../resource.ts";
import { parseDocument } from "../yaml/parser.ts";

export interface IamPolicyArgs {
  readonly cloud: string;
  readonly kubernetesService: { readonly name: string; readonly namespace: string };
  readonly serviceAccount: { readonly name: string; readonly projectId: string };
}

/**
 * A service account that is bound to one of a cloud; only Google's is known, as to the real one. It is
 * read from YAML that the names are put into (api/filters/iampolicygenerator), so that a name may be
 * a number, or no YAML at all.
 */
export function generateIamPolicy(args: IamPolicyArgs): Resource[] {
  const { cloud, kubernetesService, serviceAccount } = args;
  if (cloud !== "gke") {
    throw new BuildError("INVALID_GENERATOR", `cloud provider ${cloud} not supported yet`);
  }
  const account = `${serviceAccount.name}@${serviceAccount.projectId}.iam.gserviceaccount.com`;
  const { name, namespace } = kubernetesService;
  const text = `
apiVersion: v1
kind: ServiceAccount
metadata:
  annotations:
    iam.gke.io/gcp-service-account: ${account}
  name: ${name}
${namespace === "" ? "" : `\n  namespace: ${namespace}`}`;
  const document = parseDocument(text, { file: "" });
  return document === undefined ? [] : [createResource(document.root)];
}
