import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";

const HEADER = "# Written by `bun run render` from gitops. Do not edit.\n";
const Rules = z.object({ spec: z.object({ groups: z.array(z.unknown()) }) });

/** The rules of the cluster as a plain Prometheus reads them: all groups of all PrometheusRules, in one file. */
export function renderRules(gitops: string): string {
  const folder = join(gitops, "components/monitoring/rules");
  const files = readdirSync(folder).filter((name) => name.startsWith("prometheusrule-"));
  const groups = files
    .toSorted()
    .flatMap((name) => Rules.parse(parse(readFileSync(join(folder, name), "utf8"))).spec.groups);
  return HEADER + stringify({ groups }, { lineWidth: 0 });
}
