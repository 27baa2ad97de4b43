import { expect, test } from "bun:test";
import type { Cluster, Release } from "./cluster.ts";
import { type DeployEvent, startDeployer } from "./deployer.ts";
import { UpError } from "./errors.ts";
import type { Candidate, FollowListener } from "./overlay/source.ts";
import { until } from "./testing/until.ts";

const map = (value: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a" },
  data: { value },
});
const releaseOf = (revision: string, value: string): Release => ({
  revision,
  resources: [map(value)],
});

/** A deployer over a source that is told what to give, and a cluster that keeps what it gets. */
function open() {
  const told: string[] = [];
  const events: DeployEvent[] = [];
  let follower: FollowListener = { changed: () => {}, lost: () => {} };
  let next: Candidate = candidate("first", "1");
  const cluster: Pick<Cluster, "deploy" | "refused" | "release"> & { release: Release } = {
    release: releaseOf("first", "1"),
    refused: null,
    deploy: async (release: Release) => {
      if (JSON.stringify(release.resources).includes("broken")) {
        throw new UpError("Cannot run web: no", { code: "NOT_READY" });
      }
      cluster.release = release;
    },
  };
  const deployer = startDeployer({
    cluster,
    tell: (event, text) => {
      events.push(event);
      told.push(text);
    },
    source: {
      read: () => next,
      follow: (listener) => {
        follower = listener;
        return { stop: () => {} };
      },
    },
  });
  const give = (given: Candidate) => {
    next = given;
    follower.changed();
  };
  const again = () => follower.changed();
  const lose = (error: UpError) => follower.lost(error);
  return { told, events, cluster, deployer, give, again, lose };
}

function candidate(revision: string, value: string, doubts: readonly string[] = []): Candidate {
  const rendered = { resources: releaseOf(revision, value).resources, doubts };
  return { revision, render: () => rendered, renderApart: async () => rendered };
}

function unrenderable(revision: string): Candidate {
  const refuse = () => {
    throw new UpError("Cannot render: no", { code: "RENDER" });
  };
  return { revision, render: refuse, renderApart: async () => refuse() };
}

test("a change is deployed, and told resource by resource", async () => {
  const { told, cluster, give } = open();
  give(candidate("second", "2"));
  await until("it was told", () => told.length === 1);
  expect(cluster.release.revision).toBe("second");
  expect(told).toEqual(['deployed second\n  ~ ConfigMap a\n      data.value: "1" → "2"']);
});

test.each([
  ["does not render", unrenderable("second"), "Cannot render: no"],
  ["does not run", candidate("second", "broken"), "Cannot run web: no"],
])("a change that %s is refused, and what ran goes on", async (_, change, reason) => {
  const { told, events, cluster, give } = open();
  give(change);
  await until("it was told", () => told.length === 1);
  expect(told).toEqual([`refused second: ${reason}; first goes on`]);
  expect(events).toEqual([{ event: "refused", revision: "second", reason }]);
  expect(cluster.release.revision).toBe("first");
  expect(cluster.refused).toMatchObject({ revision: "second", reason });
});

test("what is only doubtful is deployed and told", async () => {
  const { told, give } = open();
  give(candidate("second", "2", ["the weights sum to 105"]));
  await until("it is deployed", () => told.length === 1);
  expect(told[0]).toEndWith("\n  doubtful: the weights sum to 105");
});

test("the same again is not told, another name for the same is", async () => {
  const { told, cluster, give, again } = open();
  again();
  give(candidate("second", "1"));
  await until("it was told", () => told.length === 1);
  expect(told).toEqual(["deployed second\n  nothing changes"]);
  expect(cluster.release.revision).toBe("second");
});

test("of many changes the newest is deployed", async () => {
  const { cluster, give } = open();
  for (const value of ["2", "3", "4"]) give(candidate(`change ${value}`, value));
  await until("the newest is there", () => cluster.release.revision === "change 4");
});

test("stop() waits for the change that is under way", async () => {
  const { cluster, deployer, give } = open();
  const { promise: rendered, resolve } = Promise.withResolvers<void>();
  const { resources } = releaseOf("second", "2");
  const renderApart = async () => {
    await rendered;
    return { resources };
  };
  give({ revision: "second", render: () => ({ resources }), renderApart });
  const stopped = deployer.stop();
  setTimeout(resolve);
  await stopped;
  expect(cluster.release.revision).toBe("second");
});

test("that nothing more can be followed is told, and what runs goes on", async () => {
  const { told, events, cluster, deployer, lose } = open();
  lose(new UpError("Cannot follow saves: no", { code: "NO_WATCH" }));
  expect(told).toEqual(["Cannot follow saves: no"]);
  expect(events).toEqual([{ event: "trouble", text: "Cannot follow saves: no" }]);
  expect(cluster.release.revision).toBe("first");
  await deployer.stop();
});
