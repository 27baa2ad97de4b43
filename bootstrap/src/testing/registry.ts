import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A manifest or an index. */
interface ManifestValue {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config?: unknown;
  readonly layers?: readonly unknown[];
  readonly manifests?: readonly unknown[];
}

/** A manifest under its tag or digest, as a registry hands it out. */
interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** An answer for a blob that ends in the middle. */
interface Cut {
  readonly digest: string;
  readonly after: number;
  /** Waits until who asks has what came before. */
  readonly until: () => Promise<void>;
}

/** What the registry and its store do wrong, each until it is used up. */
export interface Faults {
  /** Answers to the next requests for manifests, before any is right. */
  manifests: Response[];
  cuts: Cut[];
  /** Tokens are no longer believed; new ones are. */
  expired: boolean;
  /** Nobody gets a token. */
  denied: boolean;
}

/**
 * A registry as the large ones are: it wants a token from another server, and sends for blobs to
 * a store that would refuse it. Notes every request, with what it was authorized by.
 */
export async function startRegistry() {
  const manifests = new Map<string, StoredManifest>();
  const blobs = new Map<string, Uint8Array>();
  const requests: string[] = [];
  const faults: Faults = { manifests: [], cuts: [], expired: false, denied: false };
  let token = 1;

  const tokens = serve((request) => {
    const { searchParams } = new URL(request.url);
    requests.push(`token ${searchParams.get("scope")} for ${searchParams.get("service")}`);
    if (faults.denied) return Response.json({ errors: [{ code: "DENIED" }] }, { status: 403 });
    return Response.json({ token: `token-${token}` });
  });
  const store = await startStore((request, response) => {
    const { range, authorization } = request.headers;
    requests.push(["store", request.url, ...(range === undefined ? [] : [range])].join(" "));
    // As S3 does: two ways to prove oneself are one too many.
    if (authorization !== undefined) response.writeHead(400).end();
    else {
      const digest = request.url?.slice(1) ?? "";
      const cut = faults.cuts.find((one) => one.digest === digest);
      faults.cuts = faults.cuts.filter((one) => one !== cut);
      sendBlob(blobs.get(digest), { request, response, cut });
    }
  });
  const registry = serve((request) => {
    const { pathname } = new URL(request.url);
    requests.push(`registry ${pathname}`);
    const [, repository = "", kind, which = ""] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
    if (faults.expired) {
      token += 1;
      faults.expired = false;
    }
    if (request.headers.get("authorization") !== `Bearer token-${token}`) {
      const scope = `repository:${repository}:pull`;
      const challenge = `Bearer realm="${tokens.url}token",service="here",scope="${scope}"`;
      return new Response("who?", { status: 401, headers: { "www-authenticate": challenge } });
    }
    if (kind === "blobs") return Response.redirect(`${store.url}${which}`, 307);
    const fault = faults.manifests.shift();
    if (fault !== undefined) return fault;
    const found = manifests.get(`${repository}/${which}`);
    if (found === undefined) return new Response("unknown", { status: 404 });
    return new Response(Buffer.from(found.bytes), { headers: { "content-type": found.mediaType } });
  });

  return {
    host: `127.0.0.1:${registry.port}`,
    requests,
    faults,
    /** Stores a blob and gives its descriptor. */
    addBlob(bytes: Uint8Array, mediaType: string) {
      const digest = digestOf(bytes);
      blobs.set(digest, bytes);
      return { mediaType, digest, size: bytes.length };
    },
    /** Stores a manifest under its digest, and a tag if there is one; gives its descriptor. */
    addManifest(repository: string, value: ManifestValue, tag?: string) {
      const bytes = Buffer.from(JSON.stringify(value));
      const { mediaType } = value;
      const digest = digestOf(bytes);
      for (const name of [digest, ...(tag === undefined ? [] : [tag])]) {
        manifests.set(`${repository}/${name}`, { mediaType, bytes });
      }
      return { mediaType, digest, size: bytes.length };
    },
    /** Hands out other bytes under a name than were stored. */
    tamper: (name: string, bytes: Uint8Array) => {
      const found = manifests.get(name);
      if (found !== undefined) manifests.set(name, { ...found, bytes });
      if (blobs.has(name)) blobs.set(name, bytes);
    },
    stop: () => {
      for (const server of [tokens, registry]) server.stop(true);
      store.stop();
    },
  };
}

export type TestRegistry = Awaited<ReturnType<typeof startRegistry>>;

function serve(fetch: (request: Request) => Response) {
  return Bun.serve({ hostname: "127.0.0.1", port: 0, fetch });
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly cut: Cut | undefined;
}

function sendBlob(bytes: Uint8Array | undefined, { request, response, cut }: Exchange): void {
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const rest = bytes.subarray(Number(from ?? 0));
  response.writeHead(from === undefined ? 200 : 206, { "content-length": rest.length });
  if (cut === undefined) response.end(rest);
  else
    response.write(rest.subarray(0, cut.after), () => cut.until().then(() => response.destroy()));
}

/** By Node's server: Bun's has no way to end a connection in the middle. */
async function startStore(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.close() };
}

const IMAGE = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

interface AddImageOptions {
  readonly repository: string;
  readonly tag: string;
  readonly arches: readonly string[];
  readonly layers: readonly Uint8Array[];
}

/** An image for some architectures with an index over them, and what a builder attests beside each. */
export function addImage(
  registry: TestRegistry,
  { repository, tag, arches, layers }: AddImageOptions,
) {
  const stored = layers.map((layer) => registry.addBlob(layer, LAYER));
  const manifests = arches.flatMap((architecture) => {
    const config = { architecture, os: "linux", rootfs: { type: "layers", diff_ids: [] } };
    const manifest = registry.addManifest(repository, {
      schemaVersion: 2,
      mediaType: IMAGE,
      config: registry.addBlob(Buffer.from(JSON.stringify(config)), CONFIG),
      layers: stored,
    });
    const attested = { ...manifest, platform: { architecture: "unknown", os: "unknown" } };
    return [attested, { ...manifest, platform: { architecture, os: "linux" } }];
  });
  const index = { schemaVersion: 2 as const, mediaType: INDEX, manifests };
  return registry.addManifest(repository, index, tag).digest;
}
