import { join } from "node:path";
import { formatError, isSystemError } from "@hookline/command-line";
import { UpError } from "./errors.ts";
import { main } from "./main.ts";

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
  process.exit(1);
}
