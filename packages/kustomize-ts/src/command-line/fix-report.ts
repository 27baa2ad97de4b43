import { build } from "../build.ts";
import { BuildError } from "../errors.ts";

const FIXED = `
Fixed fields:
  patchesJson6902 -> patches
  patchesStrategicMerge -> patches
  commonLabels -> labels
`;

const VARS_LEFT = `
To convert vars -> replacements, run the command \`kustomize edit fix --vars\`

WARNING: Converting vars to replacements will potentially overwrite many resource files 
and the resulting files may not produce the same output when \`kustomize build\` is run. 
We recommend doing this in a clean git repository where the change is easy to undo.
`;

/** Runs a fix of a folder's kustomization and tells, as the real one does, whether the build is still the same. */
export function reportFix(folder: string, fix: () => void, hasVars: boolean): string {
  const before = attemptBuild(folder);
  fix();
  const after = attemptBuild(folder);
  return FIXED + (hasVars ? "  vars -> replacements\n" : VARS_LEFT) + compareBuilds(before, after);
}

type Outcome = { readonly text: string; readonly error?: string };

function attemptBuild(folder: string): Outcome {
  try {
    return { text: build(folder, { reorder: "unspecified" }).text };
  } catch (error) {
    if (error instanceof BuildError) return { text: "", error: error.message };
    throw error;
  }
}

function compareBuilds(before: Outcome, after: Outcome): string {
  const warning = "Warning: 'Fixed' kustomization now produces";
  if (after.error !== undefined) {
    return `${warning} the error when running \`kustomize build\`: ${after.error}\n`;
  }
  if (after.text === before.text) return "";
  return `${warning} different output when running \`kustomize build\`:\n...${after.text}...\n`;
}
