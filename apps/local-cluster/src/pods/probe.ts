import type { Probe } from "../workloads/manifests.ts";

export interface ProbeTarget {
  /** Container port, by name or number → loopback port. */
  readonly ports: ReadonlyMap<number | string, number>;
  readonly environment: Readonly<Record<string, string>>;
}

/** Whether one probe succeeds; what went wrong otherwise. */
export type ProbeResult = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Tries a probe once, within its timeout. Never throws. */
export async function runProbe(probe: Probe, target: ProbeTarget): Promise<ProbeResult> {
  const signal = AbortSignal.timeout(Math.max(1, probe.timeoutSeconds) * 1000);
  try {
    if (probe.httpGet) return await get(probe.httpGet, target, signal);
    if (probe.tcpSocket) return await connect(portOf(probe.tcpSocket.port, target), signal);
    if (probe.exec) return await execute(probe.exec.command, target, signal);
    return { ok: false, why: "nothing is known of how to probe" };
  } catch (error) {
    const why = signal.aborted
      ? `no answer within ${probe.timeoutSeconds} s`
      : error instanceof Error
        ? error.message
        : String(error);
    return { ok: false, why };
  }
}

function portOf(wanted: number | string, { ports }: ProbeTarget): number {
  const port = ports.get(wanted);
  if (port === undefined) throw new RangeError(`the container has no port ${wanted}`);
  return port;
}

/** Like a kubelet: any status from 200 to 399 is a success, and redirects are not followed. */
async function get(
  { path, port, scheme, httpHeaders }: NonNullable<Probe["httpGet"]>,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { status } = await fetch(
    `${scheme.toLowerCase()}://127.0.0.1:${portOf(port, target)}${path}`,
    {
      signal,
      redirect: "manual",
      keepalive: false,
      headers: httpHeaders.map(({ name, value }): [string, string] => [name, value]),
    },
  );
  return status >= 200 && status < 400 ? { ok: true } : { ok: false, why: `status ${status}` };
}

async function connect(port: number, signal: AbortSignal): Promise<ProbeResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ProbeResult>();
  signal.addEventListener("abort", () => reject(signal.reason));
  const socket = Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: () => resolve({ ok: true }),
      data: () => {},
      connectError: (_, error) => resolve({ ok: false, why: error.message }),
    },
  });
  const result = await promise;
  await socket.then(
    (open) => open.end(),
    () => {},
  );
  return result;
}

async function execute(
  command: readonly string[],
  { environment, ports }: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const port = ports.values().next().value;
  const env = { ...environment, ...(port === undefined ? {} : { PROBE_PORT: String(port) }) };
  const child = Bun.spawn([...command], { env, stdio: ["ignore", "ignore", "ignore"], signal });
  const code = await child.exited;
  return code === 0 ? { ok: true } : { ok: false, why: `exit code ${code}` };
}
