import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readHiddenLine } from "./read-hidden-line.ts";
import { renderSealedSecret } from "./seal.ts";

/** `seal NAMESPACE/NAME KEY --certificate FILE [--file FILE]`: the SealedSecret as YAML. */
export async function runSeal(args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { certificate: { type: "string" }, file: { type: "string" } },
  });
  const [target = "", key, ...rest] = positionals;
  const [namespace, name, ...more] = target.split("/");
  if (namespace === undefined || name === undefined || key === undefined) {
    throw new TypeError("Cannot seal: wished are NAMESPACE/NAME and KEY");
  }
  if (rest.length > 0 || more.length > 0) {
    throw new TypeError(`Cannot seal: "${[target, key, ...rest].join(" ")}" is more than one key`);
  }
  if (values.certificate === undefined) {
    throw new TypeError(
      "Cannot seal: wished is --certificate, which kubeseal --controller-namespace sealed-secrets --fetch-cert prints",
    );
  }
  const certificate = read("certificate", values.certificate).toString("utf8");
  const value = values.file === undefined ? await readValue() : read("file", values.file);
  return renderSealedSecret({ namespace, name, values: new Map([[key, value]]), certificate });
}

function read(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Error(`Cannot seal: --${option} names no file that can be read, "${file}"`, {
      cause,
    });
  }
}

/** From the keyboard without showing it, or the first line of what is piped in. */
async function readValue(): Promise<Uint8Array> {
  const { stdin } = process;
  if (stdin.isTTY) {
    // Before it asks: what is typed or pasted at once is not shown either.
    stdin.setRawMode(true);
    process.stderr.write("Value (not shown): ");
  }
  try {
    return Buffer.from(await readHiddenLine(stdin));
  } finally {
    if (stdin.isTTY) {
      stdin.setRawMode(false);
      process.stderr.write("\n");
    }
    stdin.pause();
  }
}
