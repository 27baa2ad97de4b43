import { type LintCode, lint } from "@hookline/mesh";
import { parse } from "yaml";
import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** What the mesh's lint says, by the promise that it breaks. */
const CHECKS: { readonly [Code in LintCode]?: string } = {
  IST0101: "route-exists",
  IST0106: "mesh-reads",
  IST0173: "subset-selects-pods",
  IST0174: "route-exists",
  HKL0001: "mesh-reads",
  HKL0101: "route-exists",
  HKL0104: "route-exists",
  HKL0201: "limits-wired",
  HKL0202: "limits-wired",
  HKL0203: "limits-wired",
  HKL0204: "limits-wired",
  HKL0205: "limits-wired",
  HKL0206: "limit-is-asked",
  HKL0207: "limit-is-asked",
  HKL0208: "limits-wired",
};

/** `bun run mesh lint` has nothing to say of the routes and the limits, but what is only worth knowing. */
export function checkMeshLint({ rendered }: Tree): Finding[] {
  return lint(rendered, { parseYaml: parse })
    .filter(({ level }) => level !== "info")
    .map(({ code, resource, message }) => ({
      check: CHECKS[code] ?? "mesh-lint",
      resource: resource.replace(/\/.*\//, "/"),
      message,
    }));
}
