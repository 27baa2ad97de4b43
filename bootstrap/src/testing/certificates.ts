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

/** An authority and leaves made by openssl into a folder, for one test run. */
export function createCertificates(folder: string) {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const read = (name: string): Pair => ({
    cert: readFileSync(file(`${name}.crt`), "utf8"),
    key: readFileSync(file(`${name}.key`), "utf8"),
  });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  return {
    file,
    authority(name: string): Pair {
      openssl(
        "req",
        "-x509",
        ...newKey,
        "-keyout",
        file(`${name}.key`),
        "-out",
        file(`${name}.crt`),
        "-subj",
        `/CN=${name}`,
        "-days",
        "2",
      );
      return read(name);
    },
    leaf(name: string, { authority, subject, names, days = 2 }: LeafOptions): Pair {
      openssl(
        "req",
        ...newKey,
        "-keyout",
        file(`${name}.key`),
        "-out",
        file(`${name}.csr`),
        "-subj",
        subject,
      );
      writeFileSync(
        file(`${name}.ext`),
        `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`,
      );
      openssl(
        "x509",
        "-req",
        "-in",
        file(`${name}.csr`),
        "-CA",
        file(`${authority}.crt`),
        "-CAkey",
        file(`${authority}.key`),
        "-CAcreateserial",
        "-out",
        file(`${name}.crt`),
        "-extfile",
        file(`${name}.ext`),
        "-days",
        String(days),
      );
      return read(name);
    },
    /** An RSA key and its public half, as service accounts need. */
    keyPair(name: string): void {
      openssl("genrsa", "-out", file(`${name}.key`), "2048");
      openssl("rsa", "-in", file(`${name}.key`), "-pubout", "-out", file(`${name}.pub`));
    },
  };
}

function openssl(...words: readonly string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...words], {
    stderr: "pipe",
    stdout: "ignore",
  });
  if (exitCode !== 0) throw new Error(`openssl ${words[0]} failed: ${stderr}`);
}
