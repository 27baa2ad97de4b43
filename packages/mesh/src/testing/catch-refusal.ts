import { MeshError } from "../errors.ts";

/** The error with which a configuration is refused; throws where it is not. */
export function catchRefusal(run: () => unknown): MeshError {
  try {
    run();
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
  throw new Error("Nothing was refused");
}
