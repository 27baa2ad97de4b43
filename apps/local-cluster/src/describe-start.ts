import type { ClusterState } from "./cluster-state.ts";

const FOLLOWED = {
  nothing: undefined,
  files: "a save in gitops/ is deployed at once",
  git: "a commit on this branch is deployed at once",
} as const;

/** What is said when all pods are ready: where, what runs, what does not, how to look. */
export function describeStart(state: ClusterState) {
  const { url, overlay, revision, workloads, thirdParty, watch } = state;
  const running = workloads.map(({ name, ready }) => `${name} ×${ready}`).join(", ");
  const followed = FOLLOWED[watch];
  const width = Math.max(9, ...thirdParty.map(({ name }) => name.length));
  const lines = [
    `ready ${url}`,
    ...[
      ["overlay", `${overlay}, ${revision.text}`],
      ["pods", running],
      ...thirdParty.map(({ name, text }) => [name, text]),
      ...(followed === undefined ? [] : [["follows", followed]]),
      ["look", `${url}/_local, or bun run status`],
    ].map(([name = "", text]) => `  ${name.padEnd(width)} ${text}`),
  ];
  return { lines, event: { event: "ready", url, overlay, revision: revision.text } };
}
