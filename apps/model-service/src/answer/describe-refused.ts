const WEB = /^(?:https?|hxxps?|ftps?|wss?)$/i;
/** A colon that no port follows, as in `host:8080`, ends a scheme. */
const SCHEME = /^([a-z][a-z\d+.-]*):(?!\d+(?:[/\\?#]|$))/i;
/** A name without a dot, or an IPv6 address; then a port, a path or a query. */
const DOTLESS = /^(?:[\p{L}\p{N}_-]+|\[[\da-f:.]+\])(?::\d+)?(?:[/\\?#]|$)/iu;

/** Why a text that lib-ml takes for no URL is none, and what would be right where that is known. */
export function describeRefused(text: string): string {
  const plain = text.trim();
  const scheme = SCHEME.exec(plain)?.[1];
  if (scheme !== undefined && !WEB.test(scheme)) {
    return "The url is not a web address; only a link with http or https, or without a scheme, is one";
  }
  if (scheme === undefined && DOTLESS.test(plain) && !/\s/.test(plain)) {
    return "The url is not a web address; a host without a dot needs its scheme, as in http://localhost/";
  }
  return "The url is not a web address";
}
