import type { Engine } from "./engine.ts";

export interface Container {
  readonly id: string;
  /** Where the program listens on this machine. */
  readonly url: string;
  /** Sends SIGTERM, waits, and gives the code it ended with. */
  stop(): Promise<number>;
  /** All it wrote to stdout and stderr so far. */
  read(): Promise<string>;
}

export interface ContainerOptions {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Image whose root is mounted at /model, as a pod does. */
  readonly model?: string;
  /** A port of 127.0.0.1; absent: a free one. */
  readonly port?: number;
}

/** What a pod of gitops is held to: no root, no capabilities, no more rights, nothing to write to. */
const RESTRICTED = [
  ...["--read-only", "--read-only-tmpfs=false"],
  ...["--cap-drop", "all", "--security-opt", "no-new-privileges"],
];

/** Starts an image as a pod would and waits until it says that it listens; throws what it said if it ends. */
export async function startContainer(
  engine: Engine,
  { image, environment = {}, model, port = 0 }: ContainerOptions,
): Promise<Container> {
  const values = { HOST: "127.0.0.1", PORT: String(port), METRICS_PORT: "0", ...environment };
  const id = await engine.run([
    ...["podman", "run", "--detach", "--runtime", "runc", "--network", "host"],
    ...["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"],
    ...RESTRICTED,
    ...Object.entries(values).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...(model === undefined ? [] : ["--mount", `type=image,source=${model},destination=/model`]),
    image,
  ]);
  const read = async () => {
    const { stdout, stderr } = await engine.attempt(["podman", "logs", id]);
    return stdout + stderr;
  };
  async function stop(): Promise<number> {
    await engine.run(["podman", "stop", "--time", "20", id]);
    const code = await engine.run(["podman", "inspect", "--format", "{{.State.ExitCode}}", id]);
    await engine.run(["podman", "rm", "--force", id]);
    return Number(code);
  }
  const url = await waitForUrl(engine, { id, read });
  return { id, url, stop, read };
}

async function waitForUrl(
  engine: Engine,
  { id, read }: { id: string; read: () => Promise<string> },
): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const text = await read();
    const [, url] = /"event":"listening","url":"([^"]+)"/.exec(text) ?? [];
    if (url !== undefined) return url;
    const state = await engine.run(["podman", "inspect", "--format", "{{.State.Status}}", id]);
    if (state === "exited" || Date.now() > deadline) {
      throw new Error(`Cannot start the container, it is ${state}: ${await read()}`);
    }
    await Bun.sleep(50);
  }
}
