/** Headers of one message in the order they came, names in lower case, as Envoy keeps them. */
export class HeaderList {
  /** Name, value, name, value, … */
  readonly #flat: string[];

  constructor(flat: string[] = []) {
    this.#flat = flat;
  }

  /** The value; several of one name, cookies too, joined by a comma. */
  get(name: string): string | undefined {
    const flat = this.#flat;
    let found: string | undefined;
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] !== name) continue;
      const value = flat[at + 1] ?? "";
      found = found === undefined ? value : `${found},${value}`;
    }
    return found;
  }

  has(name: string): boolean {
    const flat = this.#flat;
    for (let at = 0; at < flat.length; at += 2) if (flat[at] === name) return true;
    return false;
  }

  count(name: string): number {
    const flat = this.#flat;
    let found = 0;
    for (let at = 0; at < flat.length; at += 2) if (flat[at] === name) found += 1;
    return found;
  }

  append(name: string, value: string): void {
    this.#flat.push(name, value);
  }

  /** Replaces all of that name; keeps the place of the first. */
  set(name: string, value: string): void {
    const flat = this.#flat;
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] !== name) continue;
      flat[at + 1] = value;
      this.#removeFrom(at + 2, name);
      return;
    }
    flat.push(name, value);
  }

  remove(name: string): void {
    this.#removeFrom(0, name);
  }

  #removeFrom(start: number, name: string): void {
    const flat = this.#flat;
    for (let at = flat.length - 2; at >= start; at -= 2) if (flat[at] === name) flat.splice(at, 2);
  }

  forEach(visit: (name: string, value: string) => void): void {
    const flat = this.#flat;
    for (let at = 0; at < flat.length; at += 2) visit(flat[at] ?? "", flat[at + 1] ?? "");
  }

  clone(): HeaderList {
    return new HeaderList(this.#flat.slice());
  }

  /** "name: value" lines, each ended by CRLF. */
  render(): string {
    const flat = this.#flat;
    let text = "";
    for (let at = 0; at < flat.length; at += 2) text += `${flat[at]}: ${flat[at + 1]}\r\n`;
    return text;
  }
}
