export type { SecurityRequest } from "./compile-rule.ts";
export {
  compileSecurity,
  type MutualTls,
  type Refusal,
  type Security,
} from "./compile-security.ts";
