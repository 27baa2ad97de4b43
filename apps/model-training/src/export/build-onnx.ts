import { EMBEDDINGS, ROWS, ROWS_PER_EMBEDDING } from "@hookline/lib-ml";
import type { Weights } from "../learn/weights.ts";
import type { Calibration } from "./calibrate.ts";
import { type Constant, encodeModel, type Node, type Port } from "./onnx.ts";

// onnx.proto3, TensorProto.DataType, as the Cast operator wants it.
const FLOAT = 1;
const INT32 = 6;
const DOUBLE = 11;

function describeInputs({ bags }: Weights): readonly Port[] {
  return [
    { name: "ids", type: "int32", shape: ["T"] },
    { name: "start", type: "int32", shape: ["N", bags] },
    { name: "end", type: "int32", shape: ["N", bags] },
    { name: "scale", type: "float32", shape: ["N", 1] },
  ];
}

const OUTPUTS: readonly Port[] = [
  { name: "probability", type: "float32", shape: ["N", 1] },
  { name: "logit", type: "float32", shape: ["N", 1] },
];

/**
 * The model as an ONNX file, calibration folded into its last layer.
 *
 * Inputs: `ids` int32[T] (the pad row first, then the rows of all URLs one after another), `start` and
 * `end` int32[N, B] (a bag's rows are those after position start up to position end; B is 1 for the linear model, else
 * as many as lib-ml has), `scale` float32[N, 1].
 * Outputs: `probability` and `logit`, float32[N, 1]. Bags are sums between two places of a running sum,
 * so nothing is padded; with an int8 table the running sum is exact as long as T · 128 < 2^31.
 */
export function buildOnnx(weights: Weights, calibration: Calibration): Uint8Array {
  const layers = buildLayers(weights, calibration);
  return encodeModel({
    name: `hookline-${weights.kind}`,
    inputs: describeInputs(weights),
    outputs: OUTPUTS,
    nodes: [
      ...buildBag(weights),
      ...layers.nodes,
      { op: "Sigmoid", inputs: ["logit"], output: "probability" },
    ],
    constants: [...bagConstants(weights), ...layers.constants],
  });
}

/**
 * Rows to sums of bags. int8 tables are summed in whole numbers, which are exact in any order; those of floats
 * in doubles, or a running sum would lose digits to the bags before. The linear weights are read
 * by GatherElements: Gather calls memmove for each row, and of one byte that is most of a run
 * (measured in the service: 9 µs a URL, and 3.4 µs so).
 */
function buildBag({ table, embed }: Weights): readonly Node[] {
  const wide = table instanceof Int8Array ? INT32 : DOUBLE;
  const rows = embed === 0 ? "weights" : "rows";
  return [
    { op: "GatherElements", inputs: ["table", "ids"], output: "weights" },
    ...(embed === 0 ? [] : buildRows()),
    { op: "Cast", inputs: [rows], output: "terms", attributes: { to: wide } },
    { op: "CumSum", inputs: ["terms", "axis"], output: "running" },
    { op: "Gather", inputs: ["running", "end"], output: "after" },
    { op: "Gather", inputs: ["running", "start"], output: "before" },
    { op: "Sub", inputs: ["after", "before"], output: "difference" },
    { op: "Cast", inputs: ["difference"], output: "sums", attributes: { to: FLOAT } },
    { op: "Reshape", inputs: ["sums", "column"], output: "sum" },
    { op: "Mul", inputs: ["sum", "columnScale"], output: "bag" },
    { op: "Mul", inputs: ["bag", "scale"], output: "z" },
  ];
}

/** Beside each linear weight its embedding, which neighbouring rows share. */
function buildRows(): readonly Node[] {
  return [
    { op: "Reshape", inputs: ["weights", "narrow"], output: "wide" },
    { op: "Div", inputs: ["ids", "shared"], output: "places" },
    { op: "Gather", inputs: ["embeddings", "places"], output: "deep" },
    { op: "Concat", inputs: ["wide", "deep"], output: "rows", attributes: { axis: 1 } },
  ];
}

function bagConstants(weights: Weights): readonly Constant[] {
  const { table, embeddings, embed, bags } = weights;
  const width = bags * (1 + embed);
  const columnScale = Float32Array.from(
    { length: width },
    (_, column) => weights.columnScale[column % (1 + embed)] ?? 1,
  );
  const deep: readonly Constant[] = [
    { name: "narrow", shape: [2], data: BigInt64Array.of(-1n, 1n) },
    { name: "shared", shape: [], data: Int32Array.of(ROWS_PER_EMBEDDING) },
    { name: "embeddings", shape: [EMBEDDINGS + 1, embed], data: embeddings },
  ];
  return [
    { name: "table", shape: [ROWS + 1], data: table },
    ...(embed === 0 ? [] : deep),
    { name: "axis", shape: [1], data: BigInt64Array.of(0n) },
    { name: "column", shape: [2], data: BigInt64Array.of(-1n, BigInt(width)) },
    { name: "columnScale", shape: [1, width], data: columnScale },
  ];
}

function buildLayers(weights: Weights, { a, b }: Calibration) {
  const { bags, embed, hidden, hiddenWeights, hiddenBias, outputWeights, bias } = weights;
  const width = bags * (1 + embed);
  // The last layer reads z and the hidden units beside each other; of z only the linear parts count.
  const last = new Float32Array(width + hidden);
  for (let at = 0; at < width; at += 1 + embed) last[at] = a;
  for (let h = 0; h < hidden; h += 1) last[width + h] = a * (outputWeights[h] ?? 0);
  const output: Constant[] = [
    { name: "last", shape: [last.length, 1], data: last },
    { name: "lastBias", shape: [1], data: Float32Array.of(a * bias + b) },
  ];
  const logit = (input: string): Node => ({
    op: "Gemm",
    inputs: [input, "last", "lastBias"],
    output: "logit",
  });
  if (hidden === 0) return { nodes: [logit("z")], constants: output };
  const nodes: readonly Node[] = [
    {
      op: "Gemm",
      inputs: ["z", "hiddenWeights", "hiddenBias"],
      output: "mixed",
      attributes: { transB: 1 },
    },
    { op: "Relu", inputs: ["mixed"], output: "units" },
    { op: "Concat", inputs: ["z", "units"], output: "both", attributes: { axis: 1 } },
    logit("both"),
  ];
  const constants = [
    { name: "hiddenWeights", shape: [hidden, width], data: hiddenWeights },
    { name: "hiddenBias", shape: [hidden], data: hiddenBias },
    ...output,
  ];
  return { nodes, constants };
}
