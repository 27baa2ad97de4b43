import { expect, test } from "bun:test";
import { describeThirdParty } from "./describe.ts";

const off = { kind: "off" } as const;
const absent = { kind: "absent" } as const;
const running = { kind: "running", port: 7, version: undefined } as const;
const LIMITER = "the built-in limiter stands in, with the same limits";
const METRICS = "not run: /_local/metrics and the pods have the metrics";

test.each([
  ["ratelimit", off, "stand-in", LIMITER],
  ["ratelimit", absent, "stand-in", `${LIMITER}; ratelimit is not installed`],
  [
    "ratelimit",
    { kind: "starting", lastEnd: null },
    "stand-in",
    `${LIMITER}; ratelimit is starting`,
  ],
  [
    "ratelimit",
    { kind: "starting", lastEnd: "exit code 1" },
    "stand-in",
    `${LIMITER}; ratelimit starts anew: exit code 1`,
  ],
  [
    "ratelimit",
    { kind: "failed", why: "no" },
    "stand-in",
    `${LIMITER}; ratelimit does not run: no`,
  ],
  ["ratelimit", running, "binary", "runs on port 7"],
  ["redis", off, "nothing", "not run: the built-in limiter counts in memory"],
  ["redis", { ...running, version: "8.6.4" }, "binary", "runs on port 7, version 8.6.4"],
  [
    "redis",
    { ...running, version: "7.0.15" },
    "binary",
    "runs on port 7, version 7.0.15, the overlay's is 8.6.4",
  ],
  ["mailpit", off, "nothing", "not run: no alert sends mail here"],
  ["prometheus", absent, "nothing", `${METRICS}; prometheus is not installed`],
  ["prometheus", { kind: "starting", lastEnd: null }, "nothing", "is starting"],
  ["prometheus", running, "binary", "runs at http://127.0.0.1:7"],
  ["alertmanager", off, "nothing", "not run: no alert is sent"],
  [undefined, absent, "nothing", "not run: nothing here knows its image"],
] as const)("describeThirdParty() tells of %s, %j", (program, status, runs, text) => {
  const wanted = { name: "it", image: "registry.example/it:8.6.4", program, status };
  expect(describeThirdParty([wanted], undefined)).toEqual([
    { name: "it", image: wanted.image, runs, text },
  ]);
});

test.each([
  [off, "not run: no alert sends mail here"],
  [absent, "not run: no alert sends mail here"],
  [{ kind: "failed", why: "no" }, "not run: no alert sends mail here"],
  [
    { kind: "starting", lastEnd: null },
    "the built-in mailbox stands in once alertmanager is started",
  ],
  [running, "the built-in mailbox stands in once alertmanager is started"],
] as const)(
  "describeThirdParty() tells of a mailbox that is not open, Alertmanager %j",
  (status, told) => {
    const mail = { name: "mail", image: "mailpit:1", program: "mailpit", status: off } as const;
    const alerts = { name: "alerts", image: "", program: "alertmanager", status } as const;
    expect(describeThirdParty([mail, alerts], undefined)[0]).toMatchObject({
      runs: "nothing",
      text: told,
    });
  },
);

test.each([
  [{ count: 0, newest: undefined }, "no mail yet"],
  [{ count: 1, newest: "[FIRING:1]" }, '1 mail, the newest is "[FIRING:1]"'],
  [{ count: 2, newest: "[RESOLVED]" }, '2 mails, the newest is "[RESOLVED]"'],
])("describeThirdParty() tells of the mailbox that stands in, %j", (mailbox, told) => {
  const wanted = { name: "mail", image: "mailpit:1", program: "mailpit", status: off } as const;
  expect(describeThirdParty([wanted], mailbox)).toMatchObject([
    { runs: "stand-in", text: `the built-in mailbox stands in: ${told}` },
  ]);
});
