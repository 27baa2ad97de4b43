import { parseArgs } from "node:util";
import { createMesh } from "../create-mesh.ts";
import { MeshError } from "../errors.ts";
import type { Mesh, MeshRequest, Source } from "../types.ts";
import type { Output } from "./output.ts";
import { printExplanation } from "./print-explanation.ts";
import { readArguments } from "./read-arguments.ts";
import { readInput } from "./read-input.ts";

const HELP = `Usage: mesh explain (--overlay NAME | -f FILE ...) [--path PATH] ...

Which resources:
  --overlay NAME         an overlay of gitops/, or the folder of a kustomization
  -f, --file FILE        a file of manifests, or a folder of them; may be given again
  --istiod FILE          values of istiod's chart (an overlay of gitops/ brings its own)

Which request:
  --path PATH            with its query; / unless given
  --method METHOD        GET unless given
  --host HOST            the Host header; the first host of the gateway, or the Service's name
  -H, --header "N: V"    a header; may be given again
  --from WORKLOAD        a Deployment sends it, as app-v1 or namespace/app-v1; else a gateway
  --port PORT            of the gateway's server, or of the Service that is called
  --scheme SCHEME        http or https
  --client ADDRESS       of the client; 192.0.2.1 unless given

  --json                 prints the explanation as JSON
  --help                 prints this
`;

/** `mesh explain`: prints what the mesh does with a request, and why. */
export async function runExplain(words: readonly string[]): Promise<Output> {
  const given = readArguments(() => parse(words));
  if (given.help) return { stdout: HELP, exitCode: 0 };
  const { resources, options } = await readInput({
    overlay: given.overlay,
    files: given.file ?? [],
    istiod: given.istiod,
  });
  const mesh = createMesh(resources, options);
  const source =
    given.from === undefined ? findGateway(mesh, given) : findWorkload(mesh, given.from);
  const request = readRequest(given, mesh, source);
  const explanation = mesh.router(source).explain(request);
  const stdout = given.json
    ? `${JSON.stringify({ source, ...explanation }, null, 2)}\n`
    : printExplanation({ source, request, explanation });
  return { stdout, exitCode: 0 };
}

const OPTIONS = {
  overlay: { type: "string" },
  file: { type: "string", short: "f", multiple: true },
  istiod: { type: "string" },
  path: { type: "string", default: "/" },
  method: { type: "string", default: "GET" },
  host: { type: "string" },
  header: { type: "string", short: "H", multiple: true },
  from: { type: "string" },
  port: { type: "string" },
  scheme: { type: "string", default: "http" },
  client: { type: "string", default: "192.0.2.1" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

const parse = (words: readonly string[]) =>
  parseArgs({ args: [...words], options: OPTIONS, strict: true }).values;

type Arguments = ReturnType<typeof parse>;

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new MeshError(`Cannot explain: "${text}" is no port`, { code: "USAGE" });
}

/** The first Gateway, or the first with a server at the port. Its pods are taken to be beside it. */
function findGateway(mesh: Mesh, { port }: Arguments): Source {
  const wanted = readPort(port);
  const found = mesh.gateways.find((one) => wanted === undefined || one.port === wanted);
  if (found === undefined) {
    const place = wanted === undefined ? "" : ` at port ${wanted}`;
    throw new MeshError(`Cannot explain: no Gateway has a server${place}`, { code: "USAGE" });
  }
  const { namespace, selector } = found;
  return { kind: "gateway", labels: selector, namespace, port: found.port };
}

function findWorkload(mesh: Mesh, from: string): Source {
  const found = mesh.workloads.find(
    ({ namespace, name }) => name === from || `${namespace}/${name}` === from,
  );
  if (found === undefined) {
    const names = mesh.workloads.map(({ name }) => name).join(", ");
    throw new MeshError(`Cannot explain: no workload is called "${from}"; there are ${names}`, {
      code: "USAGE",
    });
  }
  const { labels, namespace, serviceAccount } = found;
  return { kind: "workload", labels, namespace, serviceAccount };
}

function readRequest(given: Arguments, mesh: Mesh, source: Source): MeshRequest {
  const headers = new Map<string, string>();
  for (const line of given.header ?? []) {
    const colon = line.indexOf(":");
    if (colon < 1) {
      const message = `Cannot explain: "${line}" is no header, expected "name: value"`;
      throw new MeshError(message, { code: "USAGE" });
    }
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  const { path, scheme } = given;
  if (!path.startsWith("/")) {
    throw new MeshError(`Cannot explain: "${path}" is no path, it must begin with /`, {
      code: "USAGE",
    });
  }
  if (scheme !== "http" && scheme !== "https") {
    throw new MeshError(`Cannot explain: "${scheme}" is no scheme`, { code: "USAGE" });
  }
  const port = readPort(given.port);
  return {
    method: given.method,
    authority: given.host ?? findHost(mesh, source),
    path,
    scheme,
    clientAddress: given.client,
    ...(port === undefined ? {} : { port }),
    header: (name) => headers.get(name),
  };
}

function findHost(mesh: Mesh, source: Source): string {
  if (source.kind === "workload") {
    const names = [...new Set(mesh.services.map(({ name }) => name))].sort().join(", ");
    const message = `Cannot explain: expected --host, the Service that is called; there are ${names}`;
    throw new MeshError(message, { code: "USAGE" });
  }
  const hosts = mesh.gateways
    .filter(({ port }) => port === source.port)
    .flatMap((one) => one.hosts)
    .map((host) => host.slice(host.indexOf("/") + 1));
  return hosts.find((host) => !host.startsWith("*")) ?? "example.test";
}
