import type { HeaderOps } from "@hookline/mesh";
import type { HeaderList } from "./http/header-list.ts";

/** Removes, sets and adds, in this order. */
export function applyHeaderOps(headers: HeaderList, { remove, set, add }: HeaderOps): void {
  for (const name of remove) headers.remove(name);
  for (const [name, value] of set) headers.set(name, value);
  for (const [name, value] of add) headers.append(name, value);
}
