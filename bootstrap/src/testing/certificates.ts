import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

interface LeafOptions {
  readonly authority: string;
  /** As openssl has it: `/O=system:masters/CN=admin`. */
  readonly subject: string;
  /** As openssl has it: `IP:127.0.0.1`. */
  readonly names: string;
  /** Negative: expired already. */
  readonly days?: number;
}

const NEW_KEY = { newkey: "ec", pkeyopt: "ec_paramgen_curve:P-256", nodes: true } as const;

/** An authority and leaves made by openssl into a folder, for one test run. */
export function createCertificates(folder: string) {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const read = (name: string): Pair => ({
    cert: readFileSync(file(`${name}.crt`), "utf8"),
    key: readFileSync(file(`${name}.key`), "utf8"),
  });
  return {
    file,
    authority(name: string): Pair {
      const files = { keyout: file(`${name}.key`), out: file(`${name}.crt`) };
      openssl("req", { x509: true, ...NEW_KEY, ...files, subj: `/CN=${name}`, days: "2" });
      return read(name);
    },
    leaf(name: string, options: LeafOptions): Pair {
      signLeaf(name, options, file);
      return read(name);
    },
    /** An RSA key and its public half, as service accounts need. */
    keyPair(name: string): void {
      const key = file(`${name}.key`);
      openssl("genpkey", { algorithm: "RSA", pkeyopt: "rsa_keygen_bits:2048", out: key });
      openssl("pkey", { in: key, pubout: true, out: file(`${name}.pub`) });
    },
  };
}

function signLeaf(
  name: string,
  { authority, subject, names, days = 2 }: LeafOptions,
  file: (name: string) => string,
): void {
  const request = file(`${name}.csr`);
  openssl("req", { ...NEW_KEY, keyout: file(`${name}.key`), out: request, subj: subject });
  const extensions = file(`${name}.ext`);
  writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  openssl("x509", {
    req: true,
    in: request,
    CA: file(`${authority}.crt`),
    CAkey: file(`${authority}.key`),
    CAcreateserial: true,
    out: file(`${name}.crt`),
    extfile: extensions,
    days: String(days),
  });
}

function openssl(command: string, flags: Readonly<Record<string, string | true>>): void {
  const words = Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [`-${name}`] : [`-${name}`, value],
  );
  const { exitCode, stderr } = Bun.spawnSync(["openssl", command, ...words], {
    stderr: "pipe",
    stdout: "ignore",
  });
  if (exitCode !== 0) throw new Error(`Cannot run openssl ${command}: ${stderr}`);
}
