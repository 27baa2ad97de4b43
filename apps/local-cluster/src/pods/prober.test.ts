import { expect, test } from "bun:test";
import { until } from "../testing/until.ts";
import { Probe } from "../workloads/manifests.ts";
import { startProber } from "./prober.ts";

/** Runs a probe over given results and gives what it told; with short seconds. */
async function told(settings: object, results: readonly boolean[]): Promise<boolean[]> {
  const heard: boolean[] = [];
  let tries = 0;
  const prober = startProber({
    secondMs: 50,
    probe: Probe.parse({ periodSeconds: 1, ...settings }),
    run: async () => {
      const ok = results[tries++] ?? results.at(-1) ?? true;
      return ok ? { ok } : { ok, why: "no" };
    },
    changed: ({ ok }) => heard.push(ok),
  });
  await until("all results were taken", () => tries > results.length);
  prober.stop();
  return heard;
}

test.each([
  ["a success at once", {}, [true], [true]],
  [
    "a success after early failures, which count for nothing",
    { failureThreshold: 2 },
    [false, false, true],
    [true],
  ],
  ["two in a row where two are wanted", { successThreshold: 2 }, [true, false, true, true], [true]],
  ["nothing before its threshold", { failureThreshold: 9 }, [false, false, false], []],
  [
    "a first failure where one is enough",
    { failureThreshold: 1 },
    [false, false, true],
    [false, true],
  ],
  ["a failure after a success", { failureThreshold: 2 }, [true, false, false], [true, false]],
])(
  "a prober tells %s",
  async (_, settings, results, expected) => {
    expect(await told(settings, results)).toEqual(expected);
  },
  120_000,
);

test("a stopped prober tries nothing more", async () => {
  let tries = 0;
  const run = async () => {
    tries += 1;
    return { ok: true } as const;
  };
  const prober = startProber({ probe: Probe.parse({}), run, changed: () => prober.stop() });
  await until("it was tried", () => tries === 1);
  const other = startProber({ probe: Probe.parse({}), run, changed: () => {} });
  other.stop();
  await until("a turn of the loop has passed", () => Promise.resolve(true));
  expect(tries).toBe(1);
});
