/** What can be wrong with a model folder. */
export type ModelErrorCode =
  | "MISSING"
  | "BAD_CARD"
  | "WRONG_SIZE"
  | "WRONG_CHECKSUM"
  | "OTHER_CONTRACT"
  | "NOT_LOADABLE"
  | "WRONG_SIGNATURE"
  | "WARM_UP_FAILED";

interface ModelErrorOptions extends ErrorOptions {
  readonly code: ModelErrorCode;
  readonly folder: string;
}

/** A model folder that cannot be served. */
export class ModelError extends Error {
  override name = "ModelError";
  readonly code: ModelErrorCode;
  readonly folder: string;

  constructor(state: string, { code, folder, ...options }: ModelErrorOptions) {
    super(`Cannot load the model in "${folder}": ${state}`, options);
    this.code = code;
    this.folder = folder;
  }
}
