interface KubeconfigOptions {
  readonly server: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
}

/** A kubeconfig as JSON, which is YAML: one cluster, one user, one context named `test`. */
export function buildKubeconfig({ server, cluster = {}, user = {} }: KubeconfigOptions): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster: { server, ...cluster } }],
    users: [{ name: "tester", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "tester" } }],
  });
}

/** As the `-data` fields want it. */
export function toData(pem: string): string {
  return Buffer.from(pem).toString("base64");
}
