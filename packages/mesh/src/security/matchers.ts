import { isIP } from "node:net";
import { maskAddress } from "../limits/mask-address.ts";
import { compileRegex } from "../regex/re2.ts";

/** Whether a value, which may be missing, is one that a policy's text means. */
export type ValueTest = (value: string | undefined) => boolean;

/**
 * "text", "text*", "*text" or "*" for any that is there and not empty (`StringMatcherWithPrefix`
 * in istio/istio pilot/pkg/security/authz/matcher/string.go).
 */
export function compileText(pattern: string, { ignoreCase = false } = {}): ValueTest {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const wished = fold(pattern);
  if (wished === "*") return (value) => value !== undefined && value !== "";
  if (wished.startsWith("*"))
    return (value) => value !== undefined && fold(value).endsWith(wished.slice(1));
  if (wished.endsWith("*")) {
    return (value) => value !== undefined && fold(value).startsWith(wished.slice(0, -1));
  }
  return (value) => value !== undefined && fold(value) === wished;
}

/** A header's value: as a text, but "*" takes an empty one as well. */
export function compileHeader(pattern: string, options = {}): ValueTest {
  return pattern === "*" ? (value) => value !== undefined : compileText(pattern, options);
}

const SEGMENT = "[a-zA-Z0-9._~%!$&'()+,;:@=-]+";
const ANY_SEGMENTS = "[a-zA-Z0-9._~%!$&'()+,;:@/*=-]*";

/** A path: as a text, or a template in which {*} is one segment and {**} the rest. */
export function compilePath(pattern: string): ValueTest {
  if (!/\{\*\*?\}/.test(pattern)) return compileText(pattern);
  const source = pattern
    .split(/(\{\*\*?\})/)
    .map((part) => {
      if (part === "{*}") return SEGMENT;
      return part === "{**}" ? ANY_SEGMENTS : quote(part);
    })
    .join("");
  return compileWhole(source);
}

/** A principal's namespace; a "*" stands for any characters. */
export function compileNamespace(pattern: string): ValueTest {
  return compileWhole(`.*/ns/${pattern.split("*").map(quote).join(".*")}/.*`);
}

/** "namespace/account", or an account of the policy's own namespace. */
export function compileServiceAccount(pattern: string, namespace: string): ValueTest {
  const slash = pattern.indexOf("/");
  const [owner, account] =
    slash < 0 ? [namespace, pattern] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  return compileWhole(`.+/ns/${quote(owner)}/(.+/|)sa/${quote(account)}(/.+)?`);
}

function compileWhole(source: string): ValueTest {
  const test = compileRegex(source);
  return (value) => value !== undefined && test(value);
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** An address in a block; of two families neither is in the other. */
export function compileBlock(block: string): ValueTest {
  const [address = "", bits] = block.split("/");
  const family = isIP(address);
  const kept = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  const wished = maskAddress(address, kept);
  return (value) =>
    value !== undefined && isIP(value) === family && maskAddress(value, kept) === wished;
}
