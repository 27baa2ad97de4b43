// The part of the protobuf wire format that an ONNX file needs: varints and length-delimited fields.
// The message definitions are in onnx.proto3 (github.com/onnx/onnx); field numbers there.

const ENCODER = new TextEncoder();

/** One encoded field, or several. */
export type Encoded = Uint8Array;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** Pieces one after another: the fields of a message. */
export function concat(...pieces: readonly Encoded[]): Encoded {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** A whole number ≥ 0. */
export function integer(field: number, value: number): Encoded {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** Bytes or a message inside a message. */
export function bytes(field: number, value: Encoded): Encoded {
  return concat(Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]), value);
}

/** Text. */
export function text(field: number, value: string): Encoded {
  return bytes(field, ENCODER.encode(value));
}
