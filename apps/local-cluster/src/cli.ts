import { join } from "node:path";
import { formatError, isSystemError } from "@hookline/command-line";
import { UpError, type UpErrorCode } from "./errors.ts";
import { main } from "./main.ts";

/** As a shell names a mistake in the call. */
const MISTAKES: ReadonlySet<UpErrorCode> = new Set(["BAD_ARGUMENT", "UNKNOWN_OVERLAY"]);

try {
  await main({ words: process.argv.slice(2), programsDir: join(import.meta.dirname, "../..") });
  process.exit(0);
} catch (error) {
  const refused = isSystemError(error)
    ? { code: "SYSTEM", message: `Cannot run ${process.argv[2]}: ${error.message}` }
    : undefined;
  const told = error instanceof UpError ? error : refused;
  const json = process.argv.includes("--json");
  console.error(told === undefined ? error : formatError(told, { json }));
  process.exit(error instanceof UpError && MISTAKES.has(error.code) ? 2 : 1);
}
