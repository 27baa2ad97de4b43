// `up` with the programs of a folder beside this file: bun cli.ts <folder> up …
import { join } from "node:path";
import { main } from "../src/main.ts";

const [folder = "", ...words] = process.argv.slice(2);
await main({ words, programsDir: join(import.meta.dirname, "programs", folder) }).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
