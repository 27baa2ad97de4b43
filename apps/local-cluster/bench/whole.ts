// Benchmark: requests per second through gateway, app and model with everything on (canary, mirror, limits, reports), the gateway's CPU of each.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GITOPS, load, ROOM, readCpu, readOptions, report, requireProgram } from "./measure.ts";

const options = readOptions(
  "bun run up production --replicas 1, with limits that nobody reaches, under wrk.",
);
requireProgram("wrk", "apt-get install wrk");

/** The overlays as they are, but for the limits: 10 requests a minute are no load. */
function copyGitops(folder: string): string {
  const copy = join(folder, "gitops");
  for (const part of ["base", "components", "overlays", "platform"])
    cpSync(join(GITOPS, part), join(copy, part), { recursive: true });
  const limits = join(copy, "components/ratelimit/ratelimit/config.yaml");
  const text = readFileSync(limits, "utf8");
  writeFileSync(
    limits,
    text.replaceAll(/requests_per_unit: \d+/g, "requests_per_unit: 1000000000"),
  );
  return copy;
}

/** A thousand URLs to check, one after another. */
function writeScript(folder: string): string {
  const urls = Array.from(
    { length: 1000 },
    (_, at) => `https://${at % 3 === 0 ? "login-" : ""}example${at}.com/account?id=${at}`,
  );
  const bodies = urls.map((url) => JSON.stringify(JSON.stringify({ url, guess: "phishing" })));
  const path = join(folder, "check.lua");
  writeFileSync(
    path,
    `local bodies = {${bodies.join(",")}}\nlocal at = 0\nwrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\nfunction request() at = at % #bodies + 1; return wrk.format(nil, nil, nil, bodies[at]) end\n`,
  );
  return path;
}

async function startUp(gitops: string) {
  const cli = join(ROOM, "src/cli.ts");
  const command = [
    process.execPath,
    cli,
    "up",
    "production",
    // What is installed differs, and is not what is measured.
    "--stand-ins",
    "--port",
    "0",
    "--replicas",
    "1",
    "--gitops",
    gitops,
  ];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot measure: up ended before it was ready\n${text}`);
    text += value;
    const url = /^ready (http:\S+)/m.exec(text)?.[1];
    if (url === undefined) continue;
    // The rest is read and thrown away, so that nothing waits for a reader.
    void reader.read().then(function next({ done: isOver }): unknown {
      return isOver ? undefined : reader.read().then(next);
    });
    return { url, child };
  }
}

const folder = mkdtempSync(join(tmpdir(), "bench-whole-"));
const script = writeScript(folder);
const { url, child } = await startUp(copyGitops(folder));
const check = (connections: number, seconds: number) =>
  load(`${url}/api/check`, { connections, seconds, script });
try {
  await check(64, 5);
  const rates: number[] = [];
  const cpu: number[] = [];
  const alone: number[] = [];
  for (let turn = 0; turn < options.repeats; turn += 1) {
    const before = readCpu(child.pid);
    const { requests, requestsPerSecond } = await check(64, options.seconds);
    cpu.push((readCpu(child.pid) - before) / requests);
    rates.push(requestsPerSecond);
    alone.push((await check(1, 1)).medianUs);
  }
  report(options, [
    { name: "checks a second, 64 connections", unit: "1/s", all: rates },
    { name: "CPU of gateway and sidecars, one check", unit: "µs", all: cpu },
    { name: "median time of a check, 1 connection", unit: "µs", all: alone },
  ]);
} finally {
  child.kill("SIGINT");
  await child.exited;
  rmSync(folder, { recursive: true });
}
