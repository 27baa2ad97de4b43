/** How bad it is: an error breaks something now, a warning may, an info is worth knowing. */
export type LintLevel = "error" | "warning" | "info";

/** Something that is wrong with a configuration. */
export interface LintMessage {
  readonly code: LintCode;
  readonly level: LintLevel;
  /** "Kind/namespace/name". */
  readonly resource: string;
  /** As "spec.http[0].match[1]". */
  readonly field: string | undefined;
  readonly message: string;
}

/**
 * Every code with its level and meaning. IST codes are those of `istioctl analyze`
 * (istio/istio pkg/config/analysis/msg/messages.yaml), with its level; HKL codes are our own.
 */
export const LINT_CODES = {
  IST0101: ["error", "A gateway, host or subset that is not there"],
  IST0106: ["error", "A field that Istio would refuse"],
  IST0109: ["error", "Two VirtualServices of the mesh have one host"],
  IST0111: ["error", "Two Sidecars of a namespace select every workload"],
  IST0112: ["error", "A destination does not say which of several ports"],
  IST0118: ["info", "A port's name does not tell its protocol"],
  IST0127: ["warning", "A selector that selects no workload"],
  IST0130: ["warning", "A route that no request reaches"],
  IST0131: ["info", "A match that earlier ones leave nothing to"],
  IST0132: ["warning", "A host that its gateway does not serve"],
  IST0145: ["error", "Two Gateways serve one host on one port of one workload"],
  IST0173: ["error", "A subset that selects no pod"],
  IST0174: ["warning", "A DestinationRule for a host that is not there"],
  HKL0001: ["warning", "A field that is not modelled, and so not checked"],
  HKL0002: ["error", "Two resources of one kind, namespace and name"],
  HKL0101: ["error", "A destination's port that its Service does not have"],
  HKL0102: ["error", "A Service's port that its pods do not have"],
  HKL0103: ["warning", "A Service that selects no workload"],
  HKL0104: ["warning", "Weights that do not sum to 100"],
  HKL0105: ["warning", "Two DestinationRules of one host that are not joined whole"],
  HKL0106: ["warning", "Two VirtualServices of one host on one gateway"],
  HKL0107: ["warning", "A mirror that is the live destination"],
  HKL0108: ["warning", "A cookie that is set and that no route reads"],
  HKL0201: ["warning", "A rate-limit filter without lists of actions, or lists without a filter"],
  HKL0202: ["error", "Limits for a virtual host or route that is not there"],
  HKL0203: ["warning", "An EnvoyFilter that selects no proxy"],
  HKL0204: ["error", "A limiter that is no port of a Service"],
  HKL0205: ["error", "A domain that no limiter is configured for"],
  HKL0206: ["error", "A descriptor that hits no rule of the limiter"],
  HKL0207: ["warning", "A rule of the limiter that no descriptor hits"],
  HKL0208: ["error", "A configuration that the limiter would refuse"],
} as const satisfies Readonly<Record<string, readonly [level: LintLevel, meaning: string]>>;

/** A code of `LINT_CODES`. */
export type LintCode = keyof typeof LINT_CODES;

/** A message at the level of its code. */
export function buildMessage(
  code: LintCode,
  resource: string,
  field: string | undefined,
  message: string,
): LintMessage {
  return { code, level: LINT_CODES[code][0], resource, field, message };
}
