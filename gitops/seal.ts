import {
  constants,
  createCipheriv,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { stringify } from "yaml";

/** A SealedSecret may go into Git: only the controller of the cluster whose certificate sealed it can open it. */
export interface SealOptions {
  readonly namespace: string;
  readonly name: string;
  /** The values by their keys, in plain text. */
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** The controller's certificate as PEM: `kubeseal --fetch-cert`, or the endpoint `/v1/cert.pem` of the controller. */
  readonly certificate: string;
}

/** A SealedSecret as YAML, in the strict scope: it opens under this name and in this namespace only. */
export function renderSealedSecret({ namespace, name, values, certificate }: SealOptions): string {
  for (const [what, value] of Object.entries({ namespace, name })) {
    if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value)) {
      throw new RangeError(`Cannot seal: "${value}" is no ${what} that Kubernetes takes`);
    }
  }
  const key = readKey(certificate);
  const label = Buffer.from(`${namespace}/${name}`);
  const sealed = [...values].map(([field, value]) => [field, sealValue(key, { value, label })]);
  return stringify(
    {
      apiVersion: "bitnami.com/v1alpha1",
      kind: "SealedSecret",
      metadata: { name, namespace },
      spec: {
        encryptedData: Object.fromEntries(sealed),
        template: { metadata: { name, namespace }, type: "Opaque" },
      },
    },
    { lineWidth: 0 },
  );
}

function readKey(certificate: string): KeyObject {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch (cause) {
    throw new RangeError("Cannot seal: the certificate is not one in PEM", { cause });
  }
}

const SESSION_KEY_BYTES = 32;
const NONCE_BYTES = 12;

/**
 * `HybridEncrypt` of sealed-secrets (pkg/crypto/crypto.go): the length of the RSA part in two
 * bytes, the session key by RSA-OAEP with SHA-256 and the label, the value by AES-256-GCM. The
 * nonce may be zero because a session key seals one value only.
 */
function sealValue(
  key: KeyObject,
  { value, label }: { readonly value: Uint8Array; readonly label: Buffer },
): string {
  const session = randomBytes(SESSION_KEY_BYTES);
  const locked = publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256", oaepLabel: label },
    session,
  );
  const cipher = createCipheriv("aes-256-gcm", session, Buffer.alloc(NONCE_BYTES));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(locked.length);
  return Buffer.concat([
    length,
    locked,
    cipher.update(value),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString("base64");
}
