/** The namespaces that a resource is exported to; all of them when the list is absent or empty. */
export type ExportTo = readonly string[] | undefined;

/**
 * Whether a namespace sees a resource of another: "*" is all, "." its own, "~" none, else a name
 * (istio.io/docs/reference/config/networking/virtual-service, exportTo).
 */
export function isVisibleTo(exportTo: ExportTo, owner: string, viewer: string): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true;
  return (
    exportTo.includes("*") ||
    exportTo.includes(viewer) ||
    (exportTo.includes(".") && owner === viewer)
  );
}

/** Whether only its own namespace sees it. */
export function isPrivate(exportTo: ExportTo, owner: string): boolean {
  return exportTo?.length === 1 && (exportTo[0] === "." || exportTo[0] === owner);
}

/** Whether every label of the selector is there; an empty selector selects all. */
export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  for (const name in selector) if (labels[name] !== selector[name]) return false;
  return true;
}
