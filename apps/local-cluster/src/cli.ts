import { join } from "node:path";
import { isSystemError, toPrintable } from "@hookline/command-line";
import { UpError } from "./errors.ts";
import { main } from "./main.ts";

try {
  await main({ words: process.argv.slice(2), programsDir: join(import.meta.dirname, "../..") });
  process.exit(0);
} catch (error) {
  const told = isSystemError(error) ? `Cannot run ${process.argv[2]}: ${error.message}` : undefined;
  const message = error instanceof UpError ? error.message : told;
  console.error(message === undefined ? error : toPrintable(message));
  process.exit(1);
}
