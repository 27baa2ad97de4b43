import { isSystemError } from "@hookline/command-line";
import { BuildError } from "@hookline/kustomize-ts";
import { DeliveryError } from "./errors.ts";

/** What is told of an error: of a file that is not there or is no YAML a sentence, too; undefined for a fault of ours. */
export function explainError(command: string, error: unknown): DeliveryError | undefined {
  if (error instanceof DeliveryError) return error;
  if (!(error instanceof BuildError) && !isSystemError(error)) return undefined;
  const message = `Cannot ${command}: ${error.message}`;
  return new DeliveryError(message, { code: "BAD_FILE", cause: error });
}
