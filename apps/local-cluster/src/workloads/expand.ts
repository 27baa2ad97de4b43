/**
 * Replaces `$(NAME)` as a kubelet does in `env`, `command` and `args`: `$$` stands for one `$`, and
 * a name that is not there stays as it is (k8s.io/kubernetes third_party/forked/golang/expansion).
 */
export function expand(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (found, name: string | undefined) =>
    name === undefined ? "$" : (lookUp(name) ?? found),
  );
}
