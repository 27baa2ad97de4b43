import { DEFAULT_PORT } from "./arguments.ts";
import type { ClusterState } from "./cluster-state.ts";
import { FOLLOWED } from "./followed.ts";

/** What is said when all pods are ready: where, what runs, what does not, how to look. */
export function describeStart(state: ClusterState) {
  const { url, overlay, revision, workloads, thirdParty, watch } = state;
  const running = workloads.map(({ name, ready }) => `${name} ×${ready}`).join(", ");
  const width = Math.max(9, ...thirdParty.map(({ name }) => name.length));
  const port = new URL(url).port || "80";
  const asked = port === String(DEFAULT_PORT) ? "" : ` --port ${port}`;
  const lines = [
    `ready ${url}`,
    ...[
      ["overlay", `${overlay}, ${revision.text}`],
      ["pods", running],
      ...thirdParty.map(({ name, text }) => [name, text]),
      ...(watch === "nothing" ? [] : [["follows", FOLLOWED[watch]]]),
      ["look", `${url}/_local, or bun run status${asked}`],
    ].map(([name = "", text]) => `  ${name.padEnd(width)} ${text}`),
  ];
  return { lines, event: { event: "ready", url, overlay, revision: revision.text } };
}

/** What is said of others' programs that came up, moved or were given up after that. */
export function describeLater(before: ClusterState, now: ClusterState) {
  const then = new Map(before.thirdParty.map((each) => [each.name, each]));
  return now.thirdParty
    .filter(({ name, text }) => {
      const told = then.get(name);
      // Of one that runs where it was only its version may have become known since.
      return told === undefined || !text.startsWith(told.text);
    })
    .map(({ name, runs, text }) => ({
      line: `${name} ${text}`,
      event: { event: "program", name, runs, text },
    }));
}
