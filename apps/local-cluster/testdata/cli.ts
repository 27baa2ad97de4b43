// `up` with the obedient program and the overlays beside this file: bun cli.ts up …
import { join } from "node:path";
import { main } from "../src/main.ts";

const words = process.argv.slice(2);
const gitops = words.includes("--gitops") ? [] : ["--gitops", join(import.meta.dirname, "gitops")];
await main({
  words: words[0] === "up" ? [...words, ...gitops] : words,
  programsDir: join(import.meta.dirname, "programs/obedient"),
}).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
