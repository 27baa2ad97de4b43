export type { SecurityRequest } from "./compile-rule.ts";
export {
  type CompileSecurityOptions,
  compileSecurity,
  type MutualTls,
  type MutualTlsMode,
  type Refusal,
  type SecuredWorkload,
  type Security,
} from "./compile-security.ts";
