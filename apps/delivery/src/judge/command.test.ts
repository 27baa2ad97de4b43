// Needs git.
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setWeight } from "../promote/weights.ts";
import { type Clone, createClone, isCheckout } from "../testing/clone.ts";
import { type LocalCounts, serveCounts } from "../testing/local-cluster.ts";
import { runJudge } from "./command.ts";

if (!isCheckout) console.warn("judge: skipped, this is no checkout of Git");

const GOOD: LocalCounts = {
  stable: { requests: 90_000, errors: 9 },
  canary: { requests: 10_000, errors: 1 },
};
const BAD: LocalCounts = { ...GOOD, canary: { requests: 1000, errors: 100 } };
const ROUTES = "gitops/components/canary/routes-patch.yaml";
const PINS = "gitops/components/canary/kustomization.yaml";

// What is committed is rendered and compared before.
setDefaultTimeout(240_000);
let counts = GOOD;
const server = serveCounts(() => counts);
let clone: Clone;
let head: string;
beforeAll(() => {
  if (!isCheckout) return;
  clone = createClone();
  head = clone.git("rev-parse", "HEAD").trim();
});
beforeEach(() => {
  counts = GOOD;
  if (isCheckout) clone.git("reset", "--quiet", "--hard", head);
});
afterAll(() => {
  server.stop();
  if (isCheckout) clone.remove();
});

async function judge(...words: string[]): Promise<string> {
  let output = "";
  await runJudge(["--local", server.url, ...words], {
    root: clone.root,
    print: (text) => {
      output += text;
    },
  });
  return output;
}

function countCommits(): number {
  return Number(clone.git("rev-list", "--count", `${head}..HEAD`));
}

test.skipIf(!isCheckout)("judge tells what it would do, and why, and does nothing", async () => {
  expect(await judge()).toBe(`canary: promote
  errors: tolerable, 1 of 10,000 at the canary, 9 of 90,000 at the stable version
  slow answers: tolerable, 0 of 10,000 at the canary, 0 of 90,000 at the stable version
  guesses: undecided, 0 of 0 at the canary, 0 of 0 at the stable version
shadow: wait
  shadow-report says nothing
`);
  expect(countCommits()).toBe(0);
});

test.skipIf(!isCheckout)(
  "judge --commit takes the next step, with the evidence in the commit",
  async () => {
    expect(await judge("--commit")).toMatch(/^ {2}committed [0-9a-f]{7,}; push it: git push$/m);
    const message = clone.git("log", "-1", "--format=%B");
    expect(message).toStartWith(
      "feat(gitops): send 25 in 100 visitors to the canary\n\nerrors: tolerable, 1 of",
    );
    expect(clone.git("log", "-1", "--format=%(trailers)").trim()).toBe(
      "Hookline-Delivery: promote canary --weight 25\nHookline-Judge: decided by its tests",
    );
  },
);

test.skipIf(!isCheckout)(
  "judge --commit rolls back, and sends nobody there again by itself",
  async () => {
    counts = { ...BAD, shadow: "reject" };
    expect(await judge("--commit")).toMatch(/^canary: roll back\n.*\nshadow: reject\n/s);
    expect(clone.git("log", "-1", "--format=%s")).toContain("send 0 in 100");
    counts = GOOD;
    expect(await judge("--commit")).toContain("canary: wait\n  nobody is sent to it\n");
    expect(countCommits()).toBe(1);
  },
);

test.skipIf(!isCheckout)(
  "judge rolls back a canary that everybody gets, with nobody left to compare it with",
  async () => {
    clone.edit(ROUTES, (text) => setWeight(text, "v2", 100));
    clone.git("commit", "-qam", "feat: everybody");
    counts = { stable: { requests: 0, errors: 0 }, canary: { requests: 1000, errors: 100 } };
    expect(await judge()).toStartWith("canary: roll back\n");
    counts = { ...counts, canary: { requests: 1000, errors: 0 } };
    expect(await judge()).toStartWith("canary: promote\n");
  },
);

test.skipIf(!isCheckout)(
  "judge tells what it has committed where the next thing fails",
  async () => {
    const hook = join(clone.root, ".git/hooks/pre-commit");
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\n[ "$(git log -1 --format=%an)" != judge ] || exit 1\n');
    chmodSync(hook, 0o755);
    clone.git("config", "user.name", "judge");
    counts = { ...GOOD, shadow: "promote" };
    let told = "";
    const print = (text: string) => {
      told += text;
    };
    const failed = runJudge(["--local", server.url, "--commit"], { root: clone.root, print });
    await expect(failed).rejects.toThrow("Cannot run git commit");
    rmSync(hook);
    clone.git("config", "user.name", "n");
    expect(told).toMatch(/^canary: promote\n.* {2}committed [0-9a-f]{7,}; push it: git push\n$/s);
    expect(countCommits()).toBe(1);
  },
);

test.skipIf(!isCheckout)("judge does not overrule a hold", async () => {
  const hold = join(clone.root, "gitops/overlays/production/HOLD");
  writeFileSync(hold, "the fair is on until Monday\n");
  const line =
    "not carried out: held by gitops/overlays/production/HOLD: the fair is on until Monday";
  expect(await judge("--commit")).toContain(line);
  expect(countCommits()).toBe(0);
  counts = { ...GOOD, canary: { requests: 0, errors: 0 } };
  expect(await judge("--commit")).toMatch(
    /^canary: wait\n.*\n {2}held by gitops\/overlays\/production\/HOLD: the fair is on until Monday\n/s,
  );
  rmSync(hold);
});

test.skipIf(!isCheckout)(
  "judge does not do again what a person took back, until there is a new canary",
  async () => {
    await judge("--commit");
    clone.git("revert", "--no-edit", "HEAD");
    expect(await judge("--commit")).toMatch(
      /not carried out: a person took "promote canary --weight 25" back in [0-9a-f]{7}\n/,
    );
    expect(countCommits()).toBe(2);
    clone.edit(PINS, (text) => text.replace("newTag: 0.1.0", "newTag: 0.2.0"));
    clone.git("commit", "-qam", "feat: a new canary");
    expect(await judge("--commit")).toMatch(/^ {2}committed [0-9a-f]{7,}; push it: git push$/m);
  },
);

test.skipIf(!isCheckout)("judge does nothing where a person's revert may not be seen", async () => {
  const ends = join(clone.root, ".git/shallow");
  writeFileSync(ends, `${head}\n`);
  expect(await judge("--commit")).toContain(
    "not carried out: the history is cut, a person's revert",
  );
  expect(countCommits()).toBe(0);
  rmSync(ends);
});

test.skipIf(!isCheckout)(
  "judge --commit answers with the model that shadow-report promotes",
  async () => {
    counts = { ...GOOD, canary: { requests: 0, errors: 0 }, shadow: "promote" };
    expect(await judge("--commit")).toContain(
      "shadow: promote\n  shadow-report says: promote\n  committed ",
    );
    expect(clone.git("log", "-1", "--format=%s")).toContain("feat(gitops): answer with model:2.");
  },
);

test.skipIf(!isCheckout)("judge --commit stays where the canary has no newer image", async () => {
  clone.edit("gitops/components/canary/routes-patch.yaml", (text) =>
    text.replace(/weight: \d+/g, "weight: 50"),
  );
  clone.git("commit", "-qam", "feat: half of them");
  expect(await judge("--commit")).toMatch(
    /^canary: promote\n.*\n {2}not carried out: everybody has app:\S+ already\nshadow/s,
  );
});

/** A Prometheus where shadow-report promotes and Argo CD synced the overlay at a time; it keeps what it was asked. */
function servePrometheus(synced: number) {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      const query = new URL(url).searchParams.get("query") ?? "";
      asked.push(query);
      const value = query.includes("argocd_app_sync_total") ? synced : 1;
      const result = [{ metric: {}, value: [0, `${value}`] }];
      return Response.json({ status: "success", data: { resultType: "vector", result } });
    },
  });
  return { url: server.url.origin, asked, stop: () => server.stop(true) };
}

test.skipIf(!isCheckout)("judge counts from when Argo CD synced what had waited", async () => {
  const hour = 3600;
  const now = Date.now() / 1000;
  const fake = servePrometheus(now - hour);
  clone.edit(PINS, (text) => text.replace("newTag: 0.1.0", "newTag: 0.2.0"));
  const env = { ...process.env, GIT_COMMITTER_DATE: `${Math.floor(now - 24 * hour)} +0000` };
  execFileSync("git", ["commit", "-qam", "feat: a canary"], { cwd: clone.root, env });
  await runJudge(["--prometheus", fake.url], { root: clone.root, print: () => {} });
  const windows = fake.asked.flatMap((query) => /increase\(.*\[(\d+)s\]/.exec(query)?.[1] ?? []);
  expect(windows.length).toBeGreaterThan(0);
  expect(Math.abs(Math.max(...windows.map(Number)) - hour)).toBeLessThan(60);
  await fake.stop();
});

test.skipIf(!isCheckout)(
  "judge promotes nothing while the last commit is not pushed: what was counted is of the tree before",
  async () => {
    const fake = servePrometheus(Number.NaN);
    const origin = join(clone.root, ".git/origin");
    clone.git("init", "--quiet", "--bare", origin);
    clone.git("remote", "remove", "origin");
    clone.git("remote", "add", "origin", origin);
    clone.git("push", "--quiet", "origin", "HEAD");
    const ask = async () => {
      let told = "";
      const print = (text: string) => {
        told += text;
      };
      await runJudge(["--prometheus", fake.url], { root: clone.root, print });
      return told;
    };
    expect(await ask()).toEndWith("shadow: promote\n  shadow-report says: promote\n");
    clone.edit(PINS, (text) => text.replace("newTag: 0.1.0", "newTag: 0.2.0"));
    clone.git("commit", "-qam", "feat: a canary");
    expect(await ask()).toMatch(
      /\n {2}not carried out: [0-9a-f]{7,} "feat: a canary" is not pushed, what was counted is of the tree before\n$/,
    );
    expect(await judge()).not.toContain("not pushed");
    // To any remote: a cluster may pull from another one than the branch's upstream.
    clone.git("remote", "rename", "origin", "cluster");
    clone.git("push", "--quiet", "cluster", "HEAD");
    expect(await ask()).not.toContain("not pushed");
    await fake.stop();
  },
);

test.each([
  [["--local", "here"], '"here" is no address, as "http://127.0.0.1:8080" is one'],
  [["--prometheus", "localhost:9090"], '"localhost:9090" is no address'],
  [["--prometheus", "http://127.0.0.1:1", "--since", "noon"], '--since "noon" is no time'],
  [["--local", "http://127.0.0.1:1", "--since", "yesterday"], "--since goes with --prometheus"],
  [["--namespace", "shop"], "--namespace goes with --prometheus"],
  [["--local", "http://a", "--prometheus", "http://b"], "--local and --prometheus are two sources"],
  [["now"], "Unexpected argument 'now'"],
])("judge %p is refused", (words, message) => {
  expect(runJudge(words, { root: "/nowhere", print: () => {} })).rejects.toThrow(message);
});
