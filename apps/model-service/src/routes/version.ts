import type { Version } from "@hookline/lib-version";
import type { Slot } from "../model/slot.ts";
import { VersionAnswer } from "../schemas.ts";
import type { Route } from "./route.ts";

interface VersionOptions {
  readonly slot: Slot;
  readonly readVersion: () => Version;
}

export function version({ slot, readVersion }: VersionOptions): Route {
  return {
    method: "GET",
    path: "/version",
    summary: "Tells which program and which model answer",
    answer: { "application/json": VersionAnswer },
    handle(call) {
      const card = slot.current?.card;
      const model = card === undefined ? null : { name: card.name, version: card.version };
      return call.json({ ...readVersion(), model });
    },
  };
}
