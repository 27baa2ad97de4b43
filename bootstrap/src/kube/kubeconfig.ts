import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@hookline/command-line";
import { KubeConfig } from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";

/** What Vagrant's first machine writes, relative to the root of the repository. */
export const VAGRANT_KUBECONFIG = "bootstrap/k3s/kubeconfig";

interface ReadKubeConfigOptions {
  /** A file; else KUBECONFIG, else Vagrant's if it is there, else ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** A context of it; else its current one. */
  readonly context?: string | undefined;
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The kubeconfig, with the context chosen. Refuses a file that is absent or no kubeconfig, and a
 * context whose cluster or user is not in it. Several files in KUBECONFIG are merged.
 */
export function readKubeConfig({
  kubeconfig,
  context,
  root,
  environment,
}: ReadKubeConfigOptions): KubeConfig {
  const files = findFiles(kubeconfig, root, environment);
  const [first, ...others] = files.map(loadFile);
  if (first === undefined) throw refuse("no kubeconfig was found");
  for (const other of others) first.mergeConfig(other, first.getCurrentContext() !== undefined);
  const name = files.join(", ");
  if (context !== undefined) first.setCurrentContext(context);
  checkContext(first, name);
  return first;
}

function findFiles(
  kubeconfig: string | undefined,
  root: string,
  environment: ReadKubeConfigOptions["environment"],
): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const named = (environment["KUBECONFIG"] ?? "").split(":").filter((one) => one !== "");
  if (named.length > 0) return named;
  const usual = [
    join(root, VAGRANT_KUBECONFIG),
    join(environment["HOME"] ?? "/", ".kube", "config"),
  ];
  return usual.filter((one) => existsSync(one)).slice(0, 1);
}

function loadFile(file: string): KubeConfig {
  if (!existsSync(file)) throw refuse(`there is no file "${file}"`);
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (cause) {
    // The reader of YAML goes on with a picture of the place.
    const [why] = messageOf(cause).split("\n");
    throw refuse(`"${file}" is no kubeconfig: ${why}`, cause);
  }
  return config;
}

function checkContext(config: KubeConfig, file: string): void {
  const name = config.getCurrentContext();
  const known = config.getContexts().map((one) => one.name);
  const list = known.length === 0 ? "it has none" : `it has ${known.map(quote).join(", ")}`;
  if (name === undefined || name === "") throw refuse(`${file} has no current context; ${list}`);
  if (!known.includes(name)) throw refuse(`${file} has no context "${name}"; ${list}`);
  if (config.getCurrentCluster() === null) {
    throw refuse(`the cluster of context "${name}" is not in ${file}`);
  }
  if (config.getCurrentUser() === null) {
    throw refuse(`the user of context "${name}" is not in ${file}`);
  }
}

function quote(name: string): string {
  return `"${name}"`;
}

function refuse(reason: string, cause?: unknown): BootstrapError {
  return new BootstrapError(`Cannot read the kubeconfig: ${reason}`, {
    code: "KUBECONFIG",
    next: "Give one with --kubeconfig FILE and --context NAME, or run `vagrant up`, which writes bootstrap/k3s/kubeconfig",
    cause,
  });
}
