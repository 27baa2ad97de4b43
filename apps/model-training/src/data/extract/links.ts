const ADDRESS = /https?:\/\/[^\s"'`<>\\|{}^]+/gi;

/**
 * The http addresses of a line of Markdown, HTML or program text. Closing brackets that were opened
 * before the address, and the punctuation of the sentence, do not belong to it.
 */
export function parseLinks(line: string): readonly string[] {
  const links: string[] = [];
  const pattern = new RegExp(ADDRESS);
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    const address = trimEnd(match[0]);
    if (address.length > "https://".length) links.push(address);
    // What was trimmed may hold the next one: `[http://a.b](http://a.b)`.
    pattern.lastIndex = match.index + Math.max(address.length, 1);
  }
  return links;
}

function trimEnd(found: string): string {
  const address = found.slice(0, endOfBrackets(found));
  return address.replace(/[.,;:!?*_~]+$/, "");
}

/** Where a closing bracket stands that has no opening one: `[text](http://a.b/c_(d))` ends there. */
function endOfBrackets(text: string): number {
  const open = { ")": 0, "]": 0 };
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c === "(") open[")"] += 1;
    else if (c === "[") open["]"] += 1;
    else if (c === ")" || c === "]") {
      if (open[c] === 0) return i;
      open[c] -= 1;
    }
  }
  return text.length;
}
