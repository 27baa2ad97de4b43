import { BuildError } from "../errors.ts";
import type { SortOptions } from "../kustomization-parts.ts";
import { formatGvk, type Gvk, isSameGvk, type ResId } from "../res-id.ts";
import { currentId, type Resource } from "../resource.ts";
import { ORDER_FIRST, ORDER_LAST } from "../schema/kind-order.ts";

/** The order that was always there before `--reorder none`. */
export const LEGACY_ORDER: SortOptions = { order: "legacy", legacySortOptions: undefined };

/** The resources in the order that is asked for: as they came, or by kind and name. */
export function sortResources(
  resources: readonly Resource[],
  { order, legacySortOptions }: SortOptions,
): Resource[] {
  if (order !== "fifo" && order !== "legacy") {
    const message = "the field 'sortOptions.order' must be one of [fifo, legacy]";
    throw new BuildError("INVALID_CONFIG", message, { field: "sortOptions.order" });
  }
  if (order === "fifo") {
    if (legacySortOptions === undefined) return [...resources];
    const message =
      "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'";
    throw new BuildError("INVALID_CONFIG", message, { field: "sortOptions.legacySortOptions" });
  }
  const first = legacySortOptions?.orderFirst ?? ORDER_FIRST;
  const last = legacySortOptions?.orderLast ?? ORDER_LAST;
  const orders = new Map([
    ...first.map((kind, i) => [kind, i - first.length] as const),
    ...last.map((kind, i) => [kind, i + 1] as const),
  ]);
  return resources
    .map((resource) => {
      const id = currentId(resource);
      return { resource, id, gvkText: gvkText(id), idText: idText(id) };
    })
    .sort((a, b) => {
      if (!isSameGvk(a.id, b.id)) return compareGvk(a, b, orders);
      return compareTexts(a.idText, b.idText);
    })
    .map(({ resource }) => resource);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Sorted {
  readonly id: ResId;
  readonly gvkText: string;
}

function compareGvk(a: Sorted, b: Sorted, orders: ReadonlyMap<string, number>): number {
  const difference = (orders.get(a.id.kind) ?? 0) - (orders.get(b.id.kind) ?? 0);
  if (difference !== 0) return difference;
  const order = compareTexts(a.gvkText, b.gvkText);
  const namespaces = a.id.kind === "Namespace" && b.id.kind === "Namespace";
  // The core group's Namespace goes before those of others.
  return namespaces && (a.id.group === "" || b.id.group === "") ? -order : order;
}

function gvkText({ group, version, kind }: Gvk): string {
  return `${group || "~G"}_${version || "~V"}_${kind || "~K"}`;
}

function idText(id: ResId): string {
  return `${formatGvk(id)}|${id.namespace || "~X"}|${id.name || "~N"}`;
}
