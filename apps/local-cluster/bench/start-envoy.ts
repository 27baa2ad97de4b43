import { spawnEnvoy } from "../src/data-plane/testing/envoy.ts";
import { buildEnvoyConfig } from "./envoy-config.ts";
import type { Program } from "./measure.ts";

/** Starts Envoy with one worker before a backend; waits until it answers. */
export async function startEnvoy(binary: string, backend: number): Promise<Program> {
  const config = (port: number) => buildEnvoyConfig({ port, backend });
  const { port, child } = spawnEnvoy(binary, { config, logLevel: "error" });
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
