/** Envoy's default of per_connection_buffer_limit_bytes: a longer body is neither replayed nor mirrored. */
const MAX_COPY_BYTES = 1024 * 1024;

/** A request's body, kept for retries and mirrors as long as it is short. */
export class BodyCopy {
  #chunks: Buffer[] = [];
  #bytes = 0;

  get isWhole(): boolean {
    return this.#bytes <= MAX_COPY_BYTES;
  }

  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.isWhole) this.#chunks.push(chunk);
    else this.#chunks = [];
  }
}
