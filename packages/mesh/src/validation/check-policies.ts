import type { Resource } from "../resource.ts";
import type {
  AuthorizationPolicySpec,
  AuthorizationRule,
  AuthorizationSource,
  Operation,
  PeerAuthenticationSpec,
} from "../security/schema.ts";
import { checkSelector, isAddressBlock, type Refuse, refuseIn } from "./names.ts";

const SELECTOR = "spec.selector.matchLabels";
const MAX_PORT = 65_535;
const MAX_ACCOUNTS = 16;
const MAX_ACCOUNT_LENGTH = 320;

/** Refuses what Istio's webhook refuses (ValidateAuthorizationPolicy in pkg/config/validation). */
export function checkAuthorizationPolicy({ id, spec }: Resource<AuthorizationPolicySpec>): void {
  const refuse = refuseIn(id);
  checkSelector(spec.selector?.matchLabels, SELECTOR, refuse);
  if (spec.provider !== undefined && spec.action !== "CUSTOM") {
    refuse("Only the action CUSTOM has a provider", "spec.provider");
  }
  if (spec.action === "DENY" && spec.rules.length === 0) {
    refuse("DENY without rules denies nothing; {} is every request", "spec.rules");
  }
  spec.rules.forEach((rule, i) => {
    checkRule(rule, `spec.rules[${i}]`, refuse);
  });
}

function checkRule({ from, to, when }: AuthorizationRule, field: string, refuse: Refuse): void {
  (from ?? []).forEach(({ source }, i) => {
    checkSource(source, `${field}.from[${i}].source`, refuse);
  });
  (to ?? []).forEach(({ operation }, i) => {
    checkOperation(operation, `${field}.to[${i}].operation`, refuse);
  });
  when.forEach(({ key, values = [], notValues = [] }, i) => {
    checkValues(key, [...values, ...notValues], `${field}.when[${i}]`, refuse);
  });
}

function checkSource(source: AuthorizationSource, field: string, refuse: Refuse): void {
  const { serviceAccounts = [], notServiceAccounts = [] } = source;
  const { principals, notPrincipals, namespaces, notNamespaces } = source;
  const others = [principals, notPrincipals, namespaces, notNamespaces];
  const hasAccounts = serviceAccounts.length + notServiceAccounts.length > 0;
  if (hasAccounts && others.some((list) => (list ?? []).length > 0)) {
    refuse("Expected accounts, or principals and namespaces", field);
  }
  checkAccounts(serviceAccounts, `${field}.serviceAccounts`, refuse);
  checkAccounts(notServiceAccounts, `${field}.notServiceAccounts`, refuse);
}

function checkAccounts(accounts: readonly string[], field: string, refuse: Refuse): void {
  if (accounts.length > MAX_ACCOUNTS) refuse(`Expected ${MAX_ACCOUNTS} at most`, field);
  accounts.forEach((one, i) => {
    if (one.length > MAX_ACCOUNT_LENGTH || !/^[^/*]+(?:\/[^/*]+)?$/.test(one)) {
      refuse('Expected "account" or "namespace/account"', `${field}[${i}]`);
    }
  });
}

function checkOperation(operation: Operation, field: string, refuse: Refuse): void {
  for (const name of ["paths", "notPaths"] as const) {
    (operation[name] ?? []).forEach((path, i) => {
      if (!isPath(path)) refuse(`"${path}" is no path`, `${field}.${name}[${i}]`);
    });
  }
}

/** `{*}` and, at last, `{**}` stand for segments; then the others have only what a URL has. */
function isPath(path: string): boolean {
  const isTemplate = path.includes("{*}") || path.includes("{**}");
  const segments = path.replace(/^\/+|\/+$/g, "").split("/");
  const any = segments.indexOf("{**}");
  return segments.every((one, i) => {
    if (one === "{*}" || one === "{**}") return any < 0 || i <= any;
    if (/[{}]/.test(one)) return false;
    return !isTemplate || /^[a-zA-Z0-9-._~%!$&'()+,;:@=]+$/.test(one);
  });
}

/** Of attributes whose values have a form. */
function checkValues(key: string, values: readonly string[], field: string, refuse: Refuse): void {
  if (/^(?:source|remote|destination)\.ip$/.test(key)) {
    const wrong = values.find((one) => !isAddressBlock(one));
    if (wrong !== undefined) refuse(`"${wrong}" is no address`, field);
  }
  if (key === "source.serviceAccount") checkAccounts(values, field, refuse);
  if (key === "destination.port") {
    const wrong = values.find((one) => !/^\d+$/.test(one) || Number(one) > MAX_PORT);
    if (wrong !== undefined) refuse(`"${wrong}" is no port`, field);
  }
}

/** Refuses what Istio's webhook refuses (ValidatePeerAuthentication in pkg/config/validation). */
export function checkPeerAuthentication({ id, spec }: Resource<PeerAuthenticationSpec>): void {
  const refuse = refuseIn(id);
  checkSelector(spec.selector?.matchLabels, SELECTOR, refuse);
  for (const port of Object.keys(spec.portLevelMtls)) {
    if (Number(port) < 1 || Number(port) > MAX_PORT) {
      refuse("Expected a port", `spec.portLevelMtls.${port}`);
    }
  }
}
