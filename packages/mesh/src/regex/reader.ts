/** RE2 refuses the pattern; the message says why. */
export class RegexError extends SyntaxError {
  override name = "RegexError";
}

/** Goes through a pattern, code point by code point. */
export class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next code point, "" at the end; stays. */
  peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  next(): string {
    const char = this.peek();
    if (char === "") throw new RegexError("The pattern ends too early");
    this.#at += char.length;
    return char;
  }

  take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** A sticky regex at this place. */
  takeMatch(regex: RegExp): RegExpExecArray | undefined {
    regex.lastIndex = this.#at;
    const found = regex.exec(this.#text) ?? undefined;
    if (found !== undefined) this.#at += found[0].length;
    return found;
  }

  takeWhile(char: RegExp): string {
    let taken = "";
    while (!this.done && char.test(this.peek())) taken += this.next();
    return taken;
  }

  /** What stands before the end, which is taken too; undefined where the end does not come. */
  takeUntil(end: string): string | undefined {
    const stop = this.#text.indexOf(end, this.#at);
    if (stop < 0) return undefined;
    const taken = this.#text.slice(this.#at, stop);
    this.#at = stop + end.length;
    return taken;
  }
}
