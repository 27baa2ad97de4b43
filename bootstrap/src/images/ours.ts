import { REPOSITORY } from "./build-image.ts";

export interface Program {
  readonly name: string;
  /** The most that the image may take unpacked, base included, in millions of bytes. */
  readonly mostMegabytes: number;
}

/** The images of programs; each is built by apps/<name>/Dockerfile. */
export const PROGRAMS: readonly Program[] = [
  { name: "app", mostMegabytes: 150 },
  { name: "model-service", mostMegabytes: 200 },
  { name: "shadow-report", mostMegabytes: 150 },
];

/** The model folders that become images. */
export const MODELS = ["v1", "v2"] as const;

export const MODELS_FOLDER = `${REPOSITORY}/apps/model-service/models`;
