/** What can be wrong with the resources of a mesh. The code is for programs, the message for people. */
export type MeshErrorCode =
  /** Istio has the field, this package does not model it; nothing is guessed. */
  | "UNSUPPORTED"
  /** Istio would refuse the value. */
  | "INVALID"
  /** The overlay that was named does not render. */
  | "NOT_RENDERED"
  /** The command line is wrong. */
  | "USAGE";

/** What is wrong, and where; the cause, if another error was it. */
export interface MeshErrorOptions extends ErrorOptions {
  readonly code: MeshErrorCode;
  /** "Kind/namespace/name", as in "VirtualService/hookline/app". */
  readonly resource?: string | undefined;
  /** The path of the field, as in "spec.http[0].match[1].uri". */
  readonly field?: string | undefined;
}

/** The one error of this package. */
export class MeshError extends Error {
  override name = "MeshError";
  readonly code: MeshErrorCode;
  readonly resource: string | undefined;
  readonly field: string | undefined;

  constructor(message: string, { code, resource, field, ...options }: MeshErrorOptions) {
    const where = [resource, field].filter((one) => one !== undefined).join(" ");
    super(where === "" ? message : `${where}: ${message}`, options);
    this.code = code;
    this.resource = resource;
    this.field = field;
  }
}
