import { MeshError } from "../errors.ts";

/** What `parse` makes of a command's arguments; throws a `MeshError` `USAGE` when it cannot. */
export function readArguments<Values>(parse: () => Values): Values {
  try {
    return parse();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MeshError(`Cannot read the arguments: ${reason}; see --help`, {
      code: "USAGE",
      cause: error,
    });
  }
}
