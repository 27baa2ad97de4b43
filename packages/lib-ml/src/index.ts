export { type Brand, type BrandFinding, findBrand, findOpenness, type Openness } from "./brands.ts";
export { type CanonicalUrl, canonicalise } from "./canonicalise.ts";
export { registrableDomain } from "./domain.ts";
export { type Features, featurise, type TracedFeature, traceFeatures } from "./featurise.ts";
export { isForwarder } from "./forwarders.ts";
export { isPrivateHost } from "./private-host.ts";
export { isShortener } from "./shorteners.ts";
export { silenceOnnxRuntime } from "./silence-onnx-runtime.ts";
export { BAGS, CONTRACT, EMBEDDINGS, ROWS, ROWS_PER_EMBEDDING } from "./table.ts";
