import { ARGO_CD_NAMESPACE } from "@hookline/argo-cd-manifests";
import type { Connection } from "../kube/connection.ts";
import { parseItems } from "../kube/resource.ts";

const APPLICATIONS = `/apis/argoproj.io/v1alpha1/namespaces/${ARGO_CD_NAMESPACE}/applications`;

/** The status of an application as Argo CD would write it, by its name. */
export type Judge = (name: string) => Readonly<Record<string, unknown>>;

/** What an earlier judgement said is taken back. */
const NOTHING = { conditions: null, resources: null };

export const WELL = {
  sync: { status: "Synced", revision: "0123abc" },
  health: { status: "Healthy" },
};

/**
 * Stands in for Argo CD where its programs are not built: makes one application beside the root,
 * writes the status that the judge gives, and lets go of what is being deleted. It knows nothing
 * of Git. test-cluster/argo-cd.test.ts has the real one.
 */
export function startFakeArgoCd(connection: Connection, judge: Judge) {
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const { status, body } = await connection.request({ method: "GET", path: APPLICATIONS });
      if (status === 200) await act(connection, body, judge);
      await Bun.sleep(100);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}

async function act(connection: Connection, body: unknown, judge: Judge): Promise<void> {
  const applications = parseItems(body);
  const names = applications.map(({ metadata }) => metadata.name);
  for (const { metadata } of applications) {
    const path = `${APPLICATIONS}/${metadata.name}`;
    const leaving = metadata["deletionTimestamp"] !== undefined;
    if (leaving && metadata.name === "root" && names.includes("hookline")) {
      await connection.request({ method: "DELETE", path: `${APPLICATIONS}/hookline` });
    }
    await connection.request({
      method: "PATCH",
      path,
      contentType: "application/merge-patch+json",
      body: leaving
        ? { metadata: { finalizers: null } }
        : { status: { ...NOTHING, ...judge(metadata.name) } },
    });
    if (!leaving && !names.includes("hookline")) await createChild(connection);
  }
}

async function createChild(connection: Connection): Promise<void> {
  await connection.request({
    method: "POST",
    path: APPLICATIONS,
    body: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "hookline", namespace: ARGO_CD_NAMESPACE },
      spec: {
        project: "hookline",
        source: { repoURL: "https://git.example/x.git", path: "." },
        destination: { namespace: "hookline" },
      },
    },
  });
}
