import { resolve } from "node:path";
import { renderRules } from "./render-rules.ts";

const root = resolve(import.meta.dirname, "../../..");
const name = "compose/prometheus/rules.yaml";
const file = Bun.file(`${root}/${name}`);
const text = renderRules(`${root}/gitops`);
if ((await file.exists()) && (await file.text()) === text) {
  console.log(`${name}: nothing changed`);
} else {
  await Bun.write(file, text);
  console.log(name);
}
