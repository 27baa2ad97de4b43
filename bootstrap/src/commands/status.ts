import type { ApplicationState } from "../application-state.ts";
import { listApplications } from "../list-applications.ts";
import type { CommandContext } from "./context.ts";

/** Tells how each application is, and what is wrong with it. */
export async function status({ report, connect }: CommandContext): Promise<void> {
  const applications = await listApplications(connect());
  report.result(renderStatus(applications), applications);
}

/** A table, with what is wrong below each that is ill. */
function renderStatus(applications: readonly ApplicationState[]): string {
  if (applications.length === 0) return "Argo CD has no applications";
  const rows = [
    ["APPLICATION", "SYNC", "HEALTH", "REVISION"],
    ...applications.map(({ name, sync, health, revision }) => [
      name,
      sync,
      health,
      revision?.slice(0, 12) ?? "",
    ]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .flatMap((row, index) => {
      const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
      const problem = applications[index - 1]?.problem;
      return [line.trimEnd(), ...(problem === undefined ? [] : [`    ${problem}`])];
    })
    .join("\n");
}
