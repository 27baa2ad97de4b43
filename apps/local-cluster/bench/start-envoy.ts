import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildEnvoyConfig } from "./envoy-config.ts";
import type { Program } from "./measure.ts";

function findFreePort(): number {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  return port;
}

/** Starts Envoy with one worker before a backend; waits until it answers. */
export async function startEnvoy(binary: string, backend: number): Promise<Program> {
  const port = findFreePort();
  const path = join(mkdtempSync(join(tmpdir(), "bench-envoy-")), "envoy.json");
  await Bun.write(path, JSON.stringify(buildEnvoyConfig({ port, backend })));
  const flags = [
    "--config-path",
    path,
    "--concurrency",
    "1",
    "--log-level",
    "error",
    "--use-dynamic-base-id",
  ];
  const child = Bun.spawn([binary, ...flags], { stderr: "inherit" });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + 20_000;
  while ((await fetch(url).catch(() => undefined))?.ok !== true) {
    if (performance.now() > deadline) throw new Error("Cannot measure: Envoy does not answer");
    await Bun.sleep(50);
  }
  const stop = () => {
    child.kill("SIGKILL");
    return child.exited;
  };
  return { pid: child.pid, url, stop };
}
