// Brings what is new into the cluster, one change at a time, the newest first.
import { messageOf } from "@hookline/command-line";
import type { Cluster } from "./cluster.ts";
import { describeChanges } from "./overlay/describe-changes.ts";
import type { OverlaySource } from "./overlay/source.ts";

export interface DeployerOptions {
  readonly source: OverlaySource;
  readonly cluster: Pick<Cluster, "deploy" | "refused" | "release">;
  /** Takes what happened, as an event and in words. */
  readonly tell: (event: DeployEvent, text: string) => void;
}

export type DeployEvent =
  | {
      readonly event: "deployed";
      readonly revision: string;
      readonly changes: readonly string[];
      /** What is doubtful about it, though it was deployed. */
      readonly doubts: readonly string[];
    }
  | { readonly event: "trouble"; readonly text: string }
  | { readonly event: "refused"; readonly revision: string; readonly reason: string };

export interface Deployer {
  /** Ends it, when a change that is under way is through. */
  readonly stop: () => Promise<void>;
}

/** Follows the source until it is stopped. */
export function startDeployer(options: DeployerOptions): Deployer {
  let again = false;
  let running: Promise<void> | undefined;
  const run = async () => {
    while (again) {
      again = false;
      await deployNewest(options);
    }
    running = undefined;
  };
  const following = options.source.follow({
    changed: () => {
      again = true;
      running ??= run();
    },
    lost: ({ message }) => options.tell({ event: "trouble", text: message }, message),
  });
  return {
    stop: async () => {
      following.stop();
      again = false;
      await running;
    },
  };
}

async function deployNewest({ source, cluster, tell }: DeployerOptions): Promise<void> {
  const before = cluster.release;
  let revision = "what is there now";
  try {
    const candidate = source.read();
    revision = candidate.revision;
    const rendered = await candidate.renderApart();
    const changes = describeChanges(before.resources, rendered.resources);
    // The same resources under another name, as by a commit elsewhere in the tree: the name counts.
    await cluster.deploy({ revision, ...rendered });
    if (changes.length === 0 && revision === before.revision) return;
    const { doubts = [] } = rendered;
    const what = changes.length === 0 ? ["nothing changes"] : changes;
    const lines = [...what, ...doubts.map((doubt) => `doubtful: ${doubt}`)];
    tell(
      { event: "deployed", revision, changes, doubts },
      [`deployed ${revision}`, ...lines.map((line) => `  ${line}`)].join("\n"),
    );
  } catch (error) {
    // Whatever is wrong with a change, what runs must not end for it.
    const reason = messageOf(error);
    cluster.refused = { revision, reason, at: new Date().toISOString() };
    tell(
      { event: "refused", revision, reason },
      `refused ${revision}: ${reason}; ${before.revision} goes on`,
    );
  }
}
