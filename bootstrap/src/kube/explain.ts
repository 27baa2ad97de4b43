import { messageOf } from "@hookline/command-line";
import { BootstrapError, type BootstrapErrorCode } from "../errors.ts";

type Explanation = readonly [code: BootstrapErrorCode, reason: string, next: string];

const AUTHORITY: Explanation = [
  "TLS",
  "its certificate is not from the kubeconfig's certificate authority",
  "Is this the cluster you mean? If it was rebuilt, fetch its kubeconfig anew",
];
const REFUSED_CERTIFICATE: Explanation = [
  "TLS",
  "it ended the TLS handshake: it accepts no client without a certificate of its own authority, or does not speak TLS at this port",
  "Fetch the kubeconfig anew: it needs client-certificate-data that this cluster signed",
];

/** What Bun's `fetch` and WebSocket call it when no answer comes; seen with Bun 1.4.5. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  CERT_SIGNATURE_FAILURE: AUTHORITY,
  CERT_HAS_EXPIRED: [
    "TLS",
    "its certificate, or the authority's, has expired",
    "Renew it where the cluster runs (k3s: `k3s certificate rotate`), and look at the clock of this machine",
  ],
  CERT_NOT_YET_VALID: [
    "TLS",
    "its certificate is not valid yet",
    "Look at the clocks of this machine and of the cluster's",
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "TLS",
    "its certificate is for another host name",
    "Use a name or an address of the certificate as `server`, or set `tls-server-name` in the kubeconfig",
  ],
  EPROTO: REFUSED_CERTIFICATE,
  ECONNRESET: REFUSED_CERTIFICATE,
  ECONNREFUSED: [
    "UNREACHABLE",
    "nothing listens there",
    "Start the cluster (`vagrant up`, `systemctl status k3s`), or choose another with --context",
  ],
  ENOTFOUND: [
    "UNREACHABLE",
    "its host name is not known",
    "Look at `server` in the kubeconfig, and at your VPN or DNS",
  ],
  TIMEOUT: [
    "UNREACHABLE",
    "it did not answer in time",
    "Look whether the machine runs and whether a firewall stands between",
  ],
};

/** An error that says why no answer came from the API server, and what to do. */
export function explainFailure(server: string, cause: unknown): BootstrapError {
  if (cause instanceof BootstrapError) return cause;
  const [code, reason, next] = EXPLANATIONS[nameFailure(cause)] ?? [
    "UNREACHABLE",
    messageOf(cause),
    "Look at `server` in the kubeconfig and whether the cluster runs",
  ];
  return new BootstrapError(`Cannot reach the cluster at ${server}: ${reason}`, {
    code,
    next,
    cause,
  });
}

/** An error that says that whoever answers there is no API server, as a login page or a proxy. */
export function explainStranger(server: string, cause?: unknown): BootstrapError {
  return new BootstrapError(
    `Cannot reach the cluster at ${server}: what answers there is no API server`,
    {
      code: "UNREACHABLE",
      next: "Look at `server` in the kubeconfig, and whether a proxy or a login page stands between",
      cause,
    },
  );
}

function nameFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  if (cause.name === "TimeoutError") return "TIMEOUT";
  const code: unknown = Reflect.get(cause, "code");
  // Bun says ConnectionRefused or FailedToOpenSocket where others use the names of errno.
  if (code === "ConnectionRefused") return "ECONNREFUSED";
  if (code === "FailedToOpenSocket" || code === "EAI_AGAIN") return "ENOTFOUND";
  return typeof code === "string" ? code : "";
}

interface RefusalOptions {
  /** What we were about, such as `apply Deployment argocd/argocd-server`. */
  readonly action: string;
  readonly status: number;
  /** The server's own sentence. */
  readonly message: string;
}

/** An error that says why the API server answered and did not do it. */
export function explainRefusal({ action, status, message }: RefusalOptions): BootstrapError {
  const say = (code: BootstrapErrorCode, reason: string, next: string) =>
    new BootstrapError(`Cannot ${action}: ${reason}`, { code, next });
  switch (status) {
    case 401:
      return say(
        "UNAUTHORIZED",
        "the cluster does not accept the kubeconfig's user",
        "Its token or certificate is expired or of another cluster: fetch the kubeconfig anew",
      );
    case 403:
      return say(
        "FORBIDDEN",
        message,
        "Use a user who is cluster-admin: Argo CD's own role allows everything, and nobody can grant more than they have",
      );
    case 404:
      return say("NOT_FOUND", message, "Run `bun run bootstrap` first, or look at the name");
    case 409:
      return say("CONFLICT", message, "Run it again with --force to take these fields over");
    default:
      return say(
        "REFUSED",
        `${message} (HTTP ${status})`,
        "Run it again; if it stays, read the API server's log",
      );
  }
}
