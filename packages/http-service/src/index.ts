export { tooLarge, tooSlow } from "./body-errors.ts";
export { describeError } from "./describe-error.ts";
export {
  errorBody,
  MESSAGE,
  type OwnError,
  ServiceError,
  type ServiceErrorCode,
  STATUS,
} from "./errors.ts";
export { isRequestId } from "./is-request-id.ts";
export { logLine } from "./log-line.ts";
export { nameMethod } from "./name-method.ts";
export { parseJson } from "./parse-json.ts";
export { readBody } from "./read-body.ts";
export { requireType } from "./require-type.ts";
export { runService, type Traffic } from "./run-service.ts";
export { tellLength } from "./tell-length.ts";
export { writeOut } from "./write-out.ts";
