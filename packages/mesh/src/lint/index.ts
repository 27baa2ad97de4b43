export { lint } from "./lint.ts";
export { LINT_CODES, type LintCode, type LintLevel, type LintMessage } from "./message.ts";
