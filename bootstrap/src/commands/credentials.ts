import { ARGO_CD_NAMESPACE, INSTALLATION } from "@hookline/argo-cd-manifests";
import { CoreV1Api } from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";
import { type Connection, callApi } from "../kube/connection.ts";
import type { CommandContext } from "./context.ts";

interface Login {
  readonly program: string;
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
  /** What it means that there is no such Secret. */
  readonly absent: string;
}

const LOGINS: readonly Login[] = [
  {
    program: "Argo CD",
    namespace: ARGO_CD_NAMESPACE,
    ...INSTALLATION.initialPassword,
    absent: "not drawn yet, or deleted after it was changed, as it should be",
  },
  {
    program: "Grafana",
    namespace: "monitoring",
    secret: "kube-prometheus-stack-grafana",
    key: "admin-password",
    absent: "not installed yet: see `bun run bootstrap status`",
  },
];

/** Prints the passwords that a fresh cluster drew; there is no other place where they stand. */
export async function credentials({ report, connect }: CommandContext): Promise<void> {
  const connection = connect();
  const found = await Promise.all(
    LOGINS.map(async (login) => ({ login, password: await readPassword(connection, login) })),
  );
  report.result(
    found
      .map(
        ({ login, password }) =>
          `${login.program}: ${password === undefined ? login.absent : `admin / ${password}`}`,
      )
      .join("\n"),
    found.map(({ login, password }) => ({
      program: login.program,
      user: "admin",
      password: password ?? null,
    })),
  );
}

async function readPassword(
  connection: Connection,
  { namespace, secret, key }: Login,
): Promise<string | undefined> {
  const action = `read Secret ${namespace}/${secret}`;
  const read = connection.api(CoreV1Api).readNamespacedSecret({ name: secret, namespace });
  const found = await callApi(action, read).catch((error: unknown) => {
    if (error instanceof BootstrapError && error.code === "NOT_FOUND") return undefined;
    throw error;
  });
  const value = found?.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}
