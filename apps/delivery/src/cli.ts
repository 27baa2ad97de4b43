import { join } from "node:path";
import { DeliveryError } from "./errors.ts";
import { runRelease } from "./release/command.ts";

const [command, ...words] = process.argv.slice(2);
const options = {
  root: join(import.meta.dirname, "../../.."),
  print: (text: string) => process.stdout.write(text),
};

try {
  if (command === "release") runRelease(words, options);
  else
    throw new DeliveryError(`Cannot run "${command}": release is there`, { code: "BAD_ARGUMENT" });
} catch (error) {
  console.error(error instanceof DeliveryError ? error.message : error);
  process.exit(1);
}
