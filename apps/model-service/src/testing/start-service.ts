import { join } from "node:path";
import { runServer, startServer } from "@hookline/http-service/testing";

const SERVER = join(import.meta.dirname, "../server.ts");
const SMALL = { MODEL_DIR: join(import.meta.dirname, "../../testdata/linear"), BRAND_RULES: "off" };

/** Starts the program itself with the small model of the tests and no list of brands, unless told otherwise. */
export function startService(environment: Readonly<Record<string, string>> = {}) {
  return startServer(SERVER, { ...SMALL, ...environment });
}

/** The same for a program that should not start. */
export function runService(environment: Readonly<Record<string, string>>) {
  return runServer(SERVER, { ...SMALL, ...environment });
}
