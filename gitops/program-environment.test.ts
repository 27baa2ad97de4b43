import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Container } from "./checks/kinds.ts";
import { readTree } from "./checks/tree.ts";
import { goldenPath } from "./golden.ts";
import { parseResources, TREE } from "./render.ts";

// This folder could be a repository of its own: the programs are asked when they are beside it.
const tree = readTree(parseResources(await Bun.file(goldenPath("production")).text()));
const OURS = ["app", "model-service", "shadow-report"];
const containers = tree.deployments.flatMap(({ metadata, spec }) =>
  spec.template.spec.containers
    .filter(({ name }) => OURS.includes(name))
    .map((container) => [metadata.name, container] as const),
);

/** The variables of a container, as the kubelet would set them. */
function readEnvironment({ env, envFrom }: Container): Record<string, string> {
  const maps = envFrom.map(({ configMapRef }) =>
    tree.configMaps.find(({ metadata }) => metadata.name === configMapRef?.name),
  );
  return Object.assign(
    {},
    ...maps.map((map) => map?.data ?? {}),
    Object.fromEntries(env.map(({ name, value }) => [name, value ?? ""])),
  );
}

const Module = z.object({
  readConfig: z.custom<(environment: Readonly<Record<string, string>>) => object>(
    (value) => typeof value === "function",
  ),
});

describe.each(containers)("the environment of %s", (_, container) => {
  const path = join(TREE, "..", "apps", container.name, "src", "config.ts");
  const absent = !existsSync(path);
  if (absent) {
    console.warn(
      `gitops/program-environment.test.ts: ${container.name} is not beside this folder, its configuration is not read`,
    );
  }
  const environment = readEnvironment(container);

  test("has the ports that the pod says", () => {
    const ports = new Map(
      container.ports.map(({ name, containerPort }) => [name, String(containerPort)]),
    );
    expect([environment["PORT"], environment["METRICS_PORT"]]).toEqual([
      ports.get("http"),
      ports.get("metrics"),
    ]);
  });

  test.skipIf(absent)("is taken by the program", async () => {
    const { readConfig } = Module.parse(await import(path));
    const config = Object.values(readConfig(environment));
    expect(config).toContain("0.0.0.0");
    expect(config).toContain(Number(environment["PORT"]));
  });
});
