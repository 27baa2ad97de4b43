import { createPrivateKey, X509Certificate } from "node:crypto";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { BootstrapError } from "../errors.ts";

/** What proves the server to us and us to the server, as Bun's `fetch` and WebSocket take it. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
    readonly rejectUnauthorized?: boolean;
  };
}

/**
 * The credentials of the kubeconfig's user: token, client certificate, password, exec plugin
 * (client-node runs it and keeps its answer until it expires) or impersonation. Refuses what Bun
 * would only call a failed connection: a certificate that cannot be parsed, is out of date, or
 * does not belong to its key.
 */
export async function readCredentials(config: KubeConfig, now = new Date()): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message.trim() : String(cause), cause);
  }
  const ca = readPem(options.ca);
  const cert = readPem(options.cert);
  const key = readPem(options.key);
  if (ca !== undefined) parseCertificate(ca, "certificate-authority");
  if (cert !== undefined) checkPair(cert, key, now);
  return {
    headers: {
      ...readHeaders(options.headers),
      ...(typeof options.auth === "string"
        ? { authorization: `Basic ${Buffer.from(options.auth).toString("base64")}` }
        : {}),
    },
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(options.servername === undefined ? {} : { serverName: options.servername }),
      ...(options.rejectUnauthorized === undefined
        ? {}
        : { rejectUnauthorized: options.rejectUnauthorized }),
    },
  };
}

function readPem(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : undefined;
}

function readHeaders(headers: RequestOptions["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function parseCertificate(pem: string, field: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw refuse(`its ${field} is no certificate in PEM`, cause);
  }
}

function checkPair(cert: string, key: string | undefined, now: Date): void {
  const certificate = parseCertificate(cert, "client-certificate");
  if (key === undefined) throw refuse("it has a client-certificate and no client-key");
  if (new Date(certificate.validTo) < now) {
    throw refuse(`its client certificate was valid until ${certificate.validTo}`);
  }
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw refuse("its client-key is no private key in PEM", cause);
  }
  if (!fits) throw refuse("its client-key is not that of its client-certificate");
}

function refuse(reason: string, cause?: unknown): BootstrapError {
  return new BootstrapError(`Cannot use the kubeconfig's credentials: ${reason}`, {
    code: "KUBECONFIG",
    next: "Fetch the kubeconfig anew from whoever runs the cluster (`vagrant provision control` for ours)",
    cause,
  });
}
