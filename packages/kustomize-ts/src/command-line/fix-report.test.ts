import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runEditCommand } from "./edit-command.ts";

const CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n";
const MERGED = "resources: [all.yaml]\npatchesStrategicMerge: [merge.yaml]\n";
const OPERATIONS = `patchesJson6902:
- target: {version: v1, kind: ConfigMap, name: settings}
  patch: '[{"op": "add", "path": "/data", "value": {"by": "operation"}}]'
`;

/** What \`edit fix\` says of a kustomization with a ConfigMap and a merge beside it. */
function fix(kustomization: string, ...flags: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "kustomize-fix-"));
  try {
    writeFileSync(join(folder, "all.yaml"), CONFIG_MAP);
    writeFileSync(join(folder, "merge.yaml"), `${CONFIG_MAP}data: {by: merge}\n`);
    writeFileSync(join(folder, "kustomization.yaml"), kustomization);
    return runEditCommand(["fix", ...flags], folder).stdout.replaceAll(folder, "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// What is expected was printed by kustomize 5.8.1.
test("edit fix says what it fixed", () => {
  expect(fix(MERGED)).toBe(`
Fixed fields:
  patchesJson6902 -> patches
  patchesStrategicMerge -> patches
  commonLabels -> labels

To convert vars -> replacements, run the command \`kustomize edit fix --vars\`

WARNING: Converting vars to replacements will potentially overwrite many resource files 
and the resulting files may not produce the same output when \`kustomize build\` is run. 
We recommend doing this in a clean git repository where the change is easy to undo.
`);
  expect(fix(MERGED, "--vars=true")).toBe(`
Fixed fields:
  patchesJson6902 -> patches
  patchesStrategicMerge -> patches
  commonLabels -> labels
  vars -> replacements
`);
});

test("edit fix warns of a build that is another or none after it", () => {
  expect(
    fix(MERGED + OPERATIONS),
  ).toEndWith(`Warning: 'Fixed' kustomization now produces different output when running \`kustomize build\`:
...apiVersion: v1
data:
  by: merge
kind: ConfigMap
metadata:
  name: settings
...
`);
  expect(fix("resources: [none.yaml]\n")).toContain(
    "Warning: 'Fixed' kustomization now produces the error when running `kustomize build`: kustomization.yaml:1:13: accumulating resources:",
  );
});
