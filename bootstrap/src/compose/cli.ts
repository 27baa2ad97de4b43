import { resolve } from "node:path";
import { renderRules } from "./render-rules.ts";

const root = resolve(import.meta.dirname, "../../..");
await Bun.write(`${root}/compose/prometheus/rules.yaml`, renderRules(`${root}/gitops`));
