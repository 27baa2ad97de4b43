import { join } from "node:path";
import { z } from "zod";

const Listeners = z.object({
  listener_statuses: z
    .array(
      z.object({
        name: z.string(),
        local_address: z.object({ socket_address: z.object({ port_value: z.number() }) }),
      }),
    )
    .default([]),
});

export interface EnvoyStart {
  readonly folder: string;
  readonly bootstrap: object;
  /** How many listeners there are to wait for. */
  readonly count: number;
}

/** Starts Envoy; gives the port of each listener by its name. */
export async function startEnvoy(binary: string, { folder, bootstrap, count }: EnvoyStart) {
  const path = join(folder, "envoy.json");
  const admin = join(folder, "admin");
  await Bun.write(path, JSON.stringify(bootstrap));
  const options = ["--config-path", path, "--admin-address-path", admin, "--use-dynamic-base-id"];
  const process = Bun.spawn([binary, ...options, "--concurrency", "1", "--log-level", "error"], {
    stderr: "inherit",
    stdout: "ignore",
  });
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline && process.exitCode === null) {
    const ports = await readPorts(admin).catch(() => undefined);
    if (ports?.size === count) return { ports, stop: () => process.kill("SIGKILL") };
    await Bun.sleep(20);
  }
  process.kill("SIGKILL");
  throw new Error("Envoy does not listen");
}

async function readPorts(admin: string): Promise<Map<string, number>> {
  const address = (await Bun.file(admin).text()).trim();
  const response = await fetch(`http://${address}/listeners?format=json`);
  const { listener_statuses } = Listeners.parse(await response.json());
  return new Map(
    listener_statuses.map(({ name, local_address }) => [
      name,
      local_address.socket_address.port_value,
    ]),
  );
}
