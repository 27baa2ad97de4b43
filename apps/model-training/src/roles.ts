import { basename } from "node:path";
import { listFiles } from "./dataset.ts";
import { TrainingError } from "./errors.ts";

/** What a data file is for. Models learn from `train`; thresholds are chosen on `val`; the rest measures. */
export const ROLES = ["train", "val", "test", "holdout"] as const;
export type Role = (typeof ROLES)[number];

export type DataFiles = { readonly [Name in Role]: readonly string[] };

const ROLE_NAME = /^(train|val|test|holdout)(?:[.-].*)?\.tsv(?:\.gz)?$/;

/**
 * Sorts files by role: those given for a role, and those in `paths` by their name (`train.tsv.gz`,
 * `test-2026.tsv`). In folders, files of other names are passed over; a file that is named is not.
 */
export async function findDataFiles(
  paths: readonly string[],
  given: Partial<Record<Role, readonly string[]>> = {},
): Promise<DataFiles> {
  const found: Record<Role, string[]> = { train: [], val: [], test: [], holdout: [] };
  for (const path of paths) {
    for (const file of await listFiles([path])) {
      const role = roleOf(file);
      if (role !== undefined) found[role].push(file);
      else if (file === path) throw nameless(file);
    }
  }
  for (const role of ROLES) found[role].push(...(await listFiles(given[role] ?? [])));
  return found;
}

/** Throws a TrainingError that names the roles without a file. */
export function requireRoles(files: DataFiles, roles: readonly Role[]): void {
  const missing = roles.filter((role) => files[role].length === 0);
  if (missing.length === 0) return;
  const flags = missing.map((role) => `--${role}`).join(", ");
  const message = `Cannot start: no data for ${missing.join(", ")}; name files so (${missing[0]}.tsv.gz) or give ${flags}`;
  throw new TrainingError("DATA_MISSING", message);
}

function roleOf(file: string): Role | undefined {
  const name = ROLE_NAME.exec(basename(file))?.[1];
  return ROLES.find((role) => role === name);
}

function nameless(file: string): TrainingError {
  const message = `Cannot tell what "${file}" is for: its name starts with none of ${ROLES.join(", ")}; give it with --train, --val, --test or --holdout`;
  return new TrainingError("BAD_OPTION", message);
}
