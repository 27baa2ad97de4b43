export { buildOnnx } from "./build-onnx.ts";
export { type Calibration, calibrate } from "./calibrate.ts";
export { quantise } from "./quantise.ts";
