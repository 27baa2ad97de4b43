/** @jsxImportSource hono/jsx */
import type { ClusterState } from "../cluster-state.ts";
import { FOLLOWED } from "../followed.ts";
import { formatAge } from "../format.ts";

/** Which revision runs, and what was refused since. */
export function Release({ state, now }: { readonly state: ClusterState; readonly now: number }) {
  const { revision, refused, rollout, watch } = state;
  return (
    <section>
      <h2>Deployed</h2>
      <p>
        <strong class="revision">{revision.text}</strong>{" "}
        <span class="soft">
          {formatAge(now - Date.parse(revision.at))} ago · {FOLLOWED[watch]}
        </span>
      </p>
      {rollout === null ? null : (
        <p class="note unsure">
          {rollout.revision} is being deployed, since {formatAge(now - Date.parse(rollout.since))}
        </p>
      )}
      {refused === null ? null : (
        <div class="note bad">
          <p>
            <strong>{refused.revision} was refused</strong>,{" "}
            {formatAge(now - Date.parse(refused.at))} ago; what ran before it still runs
          </p>
          <pre>{refused.reason}</pre>
        </div>
      )}
    </section>
  );
}
