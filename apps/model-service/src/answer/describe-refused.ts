// What a text that is no URL looks like, and what would be right; the first that fits is told.
const ADVICE: readonly (readonly [looks: RegExp, advice: string])[] = [
  [/^(?:javascript|data|vbscript):/i, "it holds a program or a page itself, so do not open it"],
  [
    /^(?!(?:https?|hxxps?|ftps?|wss?):)[^\s/\\?#@:]+:[^\s/\\?#@]*@/i,
    "a name and a password before @ need a scheme in front of them, as in http://name:password@example.org/",
  ],
  [/^https?[/\\]/i, "behind http or https stand a colon and two slashes"],
  // A colon that no port follows, as in `host:8080`, ends a scheme.
  [
    /^(?!(?:https?|hxxps?|ftps?|wss?):)[a-z][a-z\d+.-]*:(?!\d+(?:[/\\?#]|$))/i,
    "expected a link with http or https, or one without a scheme",
  ],
  // A name, or an IPv6 address; then a port, a path or a query.
  [
    /^(?:[\p{L}\p{N}_-]+|\[[\da-f:.]+\])(?::\d+)?(?:[/\\?#]\S*)?$/iu,
    "a host without a dot needs http:// before it, as in http://localhost/",
  ],
  [/^(?:[a-z]+:)?[/\\]{2}[^/\\?#]*\s/i, "there is a blank within its host"],
];

/** Why a text that lib-ml takes for no URL is none, and what would be right where that is known. */
export function describeRefused(text: string): string {
  const plain = text.trim();
  const [, advice] = ADVICE.find(([looks]) => looks.test(plain)) ?? [];
  return `The url is not a web address${advice === undefined ? "" : `; ${advice}`}`;
}
