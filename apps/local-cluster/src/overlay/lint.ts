import { parseYaml } from "@hookline/kustomize-ts";
import {
  createMesh,
  type LintMessage,
  lint,
  type Mesh,
  MeshError,
  readIstiodValues,
} from "@hookline/mesh";
import { UpError } from "../errors.ts";
import { refuseUnspoken } from "./refuse-unspoken.ts";
import type { Rendered } from "./render.ts";

/**
 * The routing of the resources, compiled; throws LINT where it cannot be read or is not modelled,
 * UNSUPPORTED for what the data plane does not speak.
 */
export function compileMesh({ resources, istiod }: Rendered): Mesh {
  refuseUnspoken(resources);
  try {
    return createMesh(resources, readIstiodValues(istiod));
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new UpError(`Cannot route: ${error.message}`, { code: "LINT", cause: error });
  }
}

/** Throws LINT with what is wrong with the resources' routing; gives what is only doubtful, a sentence each. */
export function refuseFaults(rendered: Rendered): readonly string[] {
  compileMesh(rendered);
  const parse = (text: string) => parseYaml(text, "a ConfigMap's file");
  const found = lint(rendered.resources, { parseYaml: parse });
  const [first, ...more] = found.filter(({ level }) => level === "error");
  if (first === undefined) {
    return found.filter(({ level }) => level === "warning").map(describe);
  }
  const others = more.length === 0 ? "" : `, and ${more.length} more`;
  throw new UpError(`Cannot route: ${describe(first)}${others}`, { code: "LINT" });
}

function describe({ resource, field, message, code }: LintMessage): string {
  const where = field === undefined ? resource : `${resource} ${field}`;
  return `${where}: ${message} (${code})`;
}
