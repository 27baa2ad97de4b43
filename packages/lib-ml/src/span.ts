/**
 * A piece of canonical text that remembers where it came from.
 *
 * Without a `map`, unit `i` of `text` came from `[start + i, start + i + 1)` of the source; with a
 * `map`, from `[map[2i], map[2i + 1])`. The plain form costs nothing, and most URLs need no other.
 */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly map?: readonly number[];
}

/** No text, from nowhere. */
export const EMPTY_SPAN: Span = { text: "", start: 0 };

/** The source range that units `[from, to)` of a span came from; `[0, 0]` for an empty range. */
export function sourceRange(span: Span, from: number, to: number): readonly [number, number] {
  if (to <= from) return [0, 0];
  const { map, start } = span;
  if (map === undefined) return [start + from, start + to];
  return [map[2 * from] ?? 0, map[2 * to - 1] ?? 0];
}

/** Units `[from, to)` of a span, as a span of its own. */
export function sliceSpan(span: Span, from: number, to: number): Span {
  const text = span.text.slice(from, to);
  if (span.map === undefined) return { text, start: span.start + from };
  return { text, start: span.start, map: span.map.slice(2 * from, 2 * to) };
}

/** Collects units one by one, each with the source range it came from. */
export class SpanBuilder {
  #text = "";
  readonly #map: number[] = [];

  add(text: string, from: number, to: number): void {
    this.#text += text;
    for (let i = 0; i < text.length; i += 1) this.#map.push(from, to);
  }

  /** Units `[from, to)` of another span, with their ranges. */
  copy(span: Span, from: number, to: number): void {
    this.#text += span.text.slice(from, to);
    const { map, start } = span;
    for (let i = from; i < to; i += 1) {
      if (map === undefined) this.#map.push(start + i, start + i + 1);
      else this.#map.push(map[2 * i] ?? 0, map[2 * i + 1] ?? 0);
    }
  }

  build(): Span {
    return { text: this.#text, start: 0, map: this.#map };
  }
}
