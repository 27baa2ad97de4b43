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

/** What a build gives: its text, or why there is none. */
export interface BuildOutcome {
  readonly text: string;
  readonly error?: string;
}

/** Builds a folder to be compared with what it is after a fix. */
export function attemptBuild(folder: string): BuildOutcome {
  try {
    return { text: build(folder, { reorder: "unspecified" }).text };
  } catch (error) {
    if (error instanceof BuildError) return { text: "", error: error.message };
    throw error;
  }
}

export interface FixReportOptions {
  readonly before: BuildOutcome;
  readonly after: BuildOutcome;
  /** Whether vars were converted too. */
  readonly hasVars: boolean;
}

/** Tells of a fix, as the real one does, what it changed and whether the build is still the same. */
export function renderFixReport({ before, after, hasVars }: FixReportOptions): string {
  return FIXED + (hasVars ? "  vars -> replacements\n" : VARS_LEFT) + compareBuilds(before, after);
}

function compareBuilds(before: BuildOutcome, after: BuildOutcome): string {
  const warning = "Warning: 'Fixed' kustomization now produces";
  if (after.error !== undefined) {
    return `${warning} the error when running \`kustomize build\`: ${after.error}\n`;
  }
  if (after.text === before.text) return "";
  return `${warning} different output when running \`kustomize build\`:\n...${after.text}...\n`;
}
