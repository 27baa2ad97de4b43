import { resolve } from "node:path";
import type { UpError } from "../errors.ts";
import { type Following, followBranch, followFiles } from "./follow.ts";
import { type Branch, describeTree, readBranch, readCommit } from "./git.ts";
import { type Rendered, type RenderRequest, renderOverlay } from "./render.ts";
import { renderApart } from "./render-apart.ts";

/** Where the resources come from: the files as they lie there, or the newest commit. */
export interface OverlaySource {
  /** What is there now, before it is rendered. */
  readonly read: () => Candidate;
  /** Calls `changed` at once and whenever there may be something new, `lost` when nothing more will be seen. */
  readonly follow: (listener: FollowListener) => Following;
}

export interface FollowListener {
  readonly changed: () => void;
  readonly lost: (error: UpError) => void;
}

export interface Candidate {
  readonly revision: string;
  /** Renders here and does not lint: for the start, where that is done while the pods come up. */
  readonly render: () => Rendered;
  /** Renders and lints in a process of its own. */
  readonly renderApart: () => Promise<Rendered>;
}

export interface SourceOptions {
  readonly gitops: string;
  readonly overlay: string;
  readonly follow: "files" | "git" | "nothing";
}

/** Throws GIT when commits are to be followed and there is no branch. */
export function createSource({ gitops, overlay, follow }: SourceOptions): OverlaySource {
  const folder = resolve(gitops);
  const branch = follow === "git" ? readBranch(folder) : undefined;
  return {
    read: () => {
      const commit = branch && readCommit(branch);
      const revision = commit?.text ?? describeTree(folder);
      return createCandidate(revision, { gitops: folder, overlay, commit: commit?.id });
    },
    follow: (listener) => followWhat({ follow, folder, branch }, listener),
  };
}

function createCandidate(revision: string, request: RenderRequest): Candidate {
  return {
    revision,
    render: () => renderOverlay(request),
    renderApart: () => renderApart(request),
  };
}

interface FollowWhat {
  readonly follow: SourceOptions["follow"];
  readonly folder: string;
  readonly branch: Branch | undefined;
}

function followWhat({ follow, folder, branch }: FollowWhat, listener: FollowListener): Following {
  if (follow === "nothing") return { stop: () => {} };
  const following = branch ? followBranch(branch, listener.changed) : followFiles(folder, listener);
  // What came since it was read, while the pods started, nothing else will tell.
  listener.changed();
  return following;
}
