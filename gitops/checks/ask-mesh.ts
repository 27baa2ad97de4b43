import { createMesh, type Mesh, MeshError } from "@hookline/mesh";
import type { Finding } from "./finding.ts";
import type { Tree } from "./tree.ts";

/** What a check finds in the routing of an overlay; where the mesh cannot tell what that does, the reason. */
export function askMesh(tree: Tree, ask: (mesh: Mesh) => Finding[]): Finding[] {
  try {
    return ask(createMesh(tree.rendered));
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const { resource = "?", message } = error;
    return [{ check: "mesh-reads", resource, message }];
  }
}
