import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startMailServer } from "../testing/mail-server.ts";
import { readCompose } from "./read-compose.ts";

// Run by watchers.test.ts in namespaces of its own, where the services of compose.yaml have their
// names: `bun run-watchers.ts '{"app-v1": "127.0.1.1", …}'`. Prints what it found as JSON.

const ROOT = resolve(import.meta.dirname, "../../..");
const { services } = readCompose(ROOT);
const hosts = new Map<string, string>(Object.entries(JSON.parse(Bun.argv[2] ?? "{}")));
const address = (service: string) => hosts.get(service) ?? "";
const state = mkdtempSync(join(tmpdir(), "hookline-watchers-"));

/** A copy of a service's files in which only its waits differ: each that is given in seconds is one second. */
function copyImpatient(service: string): string {
  const copy = join(state, `${service}-files`);
  cpSync(join(ROOT, "compose", service), copy, { recursive: true });
  const file = join(copy, `${service}.yaml`);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/: \d+s$/gm, ": 1s"));
  return copy;
}

/** The command of a service, its files those of this checkout and its volume a folder of ours. */
function start(program: string, service: string, flags: readonly string[] = []) {
  const command = services[service]?.command ?? [];
  const files = copyImpatient(service);
  const words = command.map((word) =>
    word
      .replace(`/etc/${service}/`, `${files}/`)
      .replace(/path=\/\w+$/, `path=${join(state, service)}`),
  );
  const log = Bun.file(join(state, `${service}.log`));
  return Bun.spawn([program, ...words, ...flags], { stdout: log, stderr: log });
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok ? await response.json() : undefined;
}

async function waitUntil<T>(read: () => Promise<T>, isEnough: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 100_000;
  for (;;) {
    const value = await read();
    if (isEnough(value) || performance.now() > end) return value;
    await Bun.sleep(250);
  }
}

const PROGRAMS = {
  "app-v1": 9090,
  "app-v2": 9090,
  "model-service-v1": 9091,
  "model-service-v2": 9091,
  "shadow-report": 9092,
  ratelimit: 9090,
};
const exporters = Object.entries(PROGRAMS).map(([service, port]) =>
  Bun.serve({ hostname: address(service), port, fetch: () => new Response("some_metric 1\n") }),
);
const mail = startMailServer(address("mailpit"), 1025);
const started = [
  start("prometheus", "prometheus", ["--web.listen-address=127.0.0.1:9090"]),
  start("prometheus-alertmanager", "alertmanager", [
    `--web.listen-address=${address("alertmanager")}:9093`,
  ]),
];
const alertmanager = `http://${address("alertmanager")}:9093`;
const prometheus = "http://127.0.0.1:9090/api/v1";
const count = (text: unknown, pattern: RegExp) =>
  [...(JSON.stringify(text) ?? "").matchAll(pattern)].length;

await waitUntil(
  () => ask(`${alertmanager}/api/v2/status`),
  (value) => value !== undefined,
);
const labels = { alertname: "OfTheTest", namespace: "hookline", severity: "warning" };
await fetch(`${alertmanager}/api/v2/alerts`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify([{ labels, annotations: { summary: "a test" } }]),
});
const rules = await waitUntil(
  () => ask(`${prometheus}/rules`),
  (value) => count(value, /"health":"ok"/g) > 0 && count(value, /"health":"unknown"/g) === 0,
);
const targets = await waitUntil(
  () => ask(`${prometheus}/targets`),
  (value) => count(value, /"health":"up"/g) === 7,
);
const managers = await ask(`${prometheus}/alertmanagers`);
await waitUntil(
  async () => mail.mails,
  (mails) => mails.length > 0,
);
process.stdout.write(
  JSON.stringify({
    up: count(targets, /"health":"up"/g),
    ill: count(rules, /"health":"err"/g),
    evaluated: count(rules, /"health":"ok"/g),
    managers: count(managers, /alertmanager:9093/g),
    mail: mail.mails.join("\n"),
  }),
);
for (const one of started) one.kill();
for (const one of started) await one.exited;
for (const one of exporters) one.stop(true);
mail.stop();
rmSync(state, { recursive: true });
process.exit(0);
