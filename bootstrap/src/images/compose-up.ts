import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCompose, type Service } from "../compose/read-compose.ts";
import { REPOSITORY } from "./build-image.ts";
import type { Engine } from "./engine.ts";

const PROJECT = "hookline-test";
const CALL = [
  ...["podman-compose", "--project-name", PROJECT],
  "--podman-run-args=--runtime runc --ulimit nofile=1024:1024 --ulimit nproc=1000:1000",
];

export interface ComposeUp {
  /** Runs a command in the container of a service. */
  exec(service: string, command: readonly string[]): Promise<{ code: number; stdout: string }>;
  /** The command by which the file asks whether a service is well. */
  healthOf(service: string): readonly string[];
  down(): Promise<void>;
}

/**
 * Brings up services of compose.yaml with podman-compose, from the images given.
 *
 * Their ports are not published, so that nothing of this machine is in the way: ask them from inside.
 */
export async function composeUp(
  engine: Engine,
  images: Readonly<Record<string, string>>,
): Promise<ComposeUp> {
  const file = writeFile(engine, images);
  const compose = [...CALL, "--file", file];
  const services = Object.keys(images);
  await engine.run([...compose, "up", "--detach", ...services]);
  return {
    exec: (service, command) =>
      engine.attempt(["podman", "exec", `${PROJECT}_${service}_1`, ...command]),
    healthOf: (service) =>
      readCompose(REPOSITORY).services[service]?.healthcheck?.test.slice(1) ?? [],
    async down() {
      await engine.run([...compose, "down", "--timeout", "20"]);
      await engine.attempt(["podman", "network", "rm", `${PROJECT}_default`]);
    },
  };
}

function writeFile(engine: Engine, images: Readonly<Record<string, string>>): string {
  const { services } = readCompose(REPOSITORY);
  const ours = Object.entries(images).map(([name, image]) => [name, place(services[name], image)]);
  const folder = join(engine.folder, "compose");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "compose.yaml");
  writeFileSync(path, JSON.stringify({ services: Object.fromEntries(ours) }));
  return path;
}

/** A service as the file has it, but for paths, ports, and a health check that needs systemd's timers. */
function place(service: Service | undefined, image: string): unknown {
  if (service === undefined) throw new TypeError(`Cannot bring up "${image}": no such service`);
  const { ports: _ports, build: _build, healthcheck: _health, ...rest } = service;
  return {
    ...rest,
    image,
    env_file: service.env_file.map((path) => join(REPOSITORY, path)),
    volumes: service.volumes.map((volume) => volume.replace(/^\.\//, `${REPOSITORY}/`)),
  };
}
