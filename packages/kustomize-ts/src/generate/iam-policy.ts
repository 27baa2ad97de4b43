import { BuildError } from "../errors.ts";
import { createResource, type Resource } from "../resource.ts";
import { createFromValue } from "../yaml/convert.ts";

export interface IamPolicyArgs {
  readonly cloud: string;
  readonly kubernetesService: { readonly name: string; readonly namespace: string };
  readonly serviceAccount: { readonly name: string; readonly projectId: string };
}

/** A service account that is bound to one of a cloud; only Google's is known, as to the real one. */
export function generateIamPolicy(args: IamPolicyArgs): Resource[] {
  const { cloud, kubernetesService, serviceAccount } = args;
  if (cloud !== "gke") {
    throw new BuildError("INVALID_GENERATOR", `cloud provider ${cloud} not supported yet`);
  }
  const account = `${serviceAccount.name}@${serviceAccount.projectId}.iam.gserviceaccount.com`;
  const { name, namespace } = kubernetesService;
  const metadata = {
    annotations: { "iam.gke.io/gcp-service-account": account },
    name,
    ...(namespace === "" ? {} : { namespace }),
  };
  return [createResource(createFromValue({ apiVersion: "v1", kind: "ServiceAccount", metadata }))];
}
