import { join } from "node:path";
import { UpError } from "./errors.ts";
import { main } from "./main.ts";
import { toPrintable } from "./printable.ts";

try {
  await main({ words: process.argv.slice(2), programsDir: join(import.meta.dirname, "../..") });
  process.exit(0);
} catch (error) {
  console.error(error instanceof UpError ? toPrintable(error.message) : error);
  process.exit(1);
}
