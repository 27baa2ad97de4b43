import { bytes, concat, type Encoded, integer, text } from "./protobuf.ts";

// onnx.proto3, TensorProto.DataType.
const TYPES = { float32: 1, int8: 3, int32: 6, int64: 7 } as const;

/** A constant of the graph. */
export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int8Array | Int32Array | BigInt64Array;
}

/** One operation of the graph. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number>>;
}

/** An input or output; a dimension that is text may be of any length. */
export interface Port {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly shape: readonly (number | string)[];
}

/** A whole ONNX model. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

const IR_VERSION = 8;
const OPSET = 14;

/** The bytes of an ONNX file: standard operators of opset 14, ir version 8. */
export function encodeModel(graph: Graph): Uint8Array {
  const body = concat(
    ...graph.nodes.map((node) => bytes(1, encodeNode(node))),
    text(2, graph.name),
    ...graph.constants.map((constant) => bytes(5, encodeConstant(constant))),
    ...graph.inputs.map((port) => bytes(11, encodePort(port))),
    ...graph.outputs.map((port) => bytes(12, encodePort(port))),
  );
  return concat(
    integer(1, IR_VERSION),
    text(2, "hookline"),
    bytes(7, body),
    bytes(8, concat(text(1, ""), integer(2, OPSET))),
  );
}

function encodeNode({ op, inputs, output, attributes = {} }: Node): Encoded {
  return concat(
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, op),
    // AttributeProto: name = 1, i = 3, type = 20 (INT = 2).
    ...Object.entries(attributes).map(([name, value]) =>
      bytes(5, concat(text(1, name), integer(3, value), integer(20, 2))),
    ),
  );
}

function typeOf(data: Constant["data"]): number {
  if (data instanceof Float32Array) return TYPES.float32;
  if (data instanceof Int8Array) return TYPES.int8;
  return data instanceof Int32Array ? TYPES.int32 : TYPES.int64;
}

function encodeConstant({ name, shape, data }: Constant): Encoded {
  // raw_data is little-endian, as is every machine that runs this.
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return concat(
    ...shape.map((size) => integer(1, size)),
    integer(2, typeOf(data)),
    text(8, name),
    bytes(9, raw),
  );
}

function encodePort({ name, type, shape }: Port): Encoded {
  const dimensions = shape.map((size) =>
    bytes(1, typeof size === "number" ? integer(1, size) : text(2, size)),
  );
  const tensor = concat(integer(1, TYPES[type]), bytes(2, concat(...dimensions)));
  return concat(text(1, name), bytes(2, bytes(1, tensor)));
}
