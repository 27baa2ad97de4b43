import { join } from "node:path";
import { UpError } from "../errors.ts";
import { classifyImage } from "../workloads/images.ts";
import { randomLetters } from "../workloads/template-hash.ts";
import type { Workload } from "../workloads/workload.ts";
import { commandOf } from "./child.ts";
import { type Pod, startPod } from "./pod.ts";

export interface PodFactoryOptions {
  /** Folder that holds the programs, each as `<name>/src/server.ts`. */
  readonly programsDir: string;
  /** Folder of the run's, in which each pod has its own. */
  readonly runFolder: string;
  /** Revision of the programs, which they need not ask Git for then. */
  readonly revision: string;
  /** Puts loopback addresses in place of Services, as the workload's pods reach them. */
  readonly localise: (workload: Workload, value: string) => string;
  readonly log: (pod: string, line: string) => void;
  /** Takes a sentence for people about a pod that ended. */
  readonly tell?: (sentence: string) => void;
}

/** What a pod sees of the environment of the person who started us: what the system needs. */
const KEPT = ["HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ"];

/** Gives what starts a pod of a workload. */
export function createPodFactory(options: PodFactoryOptions) {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const common = {
    ...Object.fromEntries(kept),
    // As our images set it: ONNX Runtime reports to its makers otherwise (microsoft/onnxruntime#27379).
    ORT_DISABLE_TELEMETRY: "1",
    HOOKLINE_REVISION: options.revision,
    HOOKLINE_RUN_FOLDER: options.runFolder,
  };
  return (workload: Workload, hash: string, changed: () => void): Pod => {
    const program = programOf(workload);
    const name = `${workload.name}-${hash}-${randomLetters(5)}`;
    const programFolder = join(options.programsDir, program);
    return startPod({
      identity: { name, namespace: workload.namespace, workload: workload.name },
      template: workload.template,
      hash,
      launch: { command: commandOf(join(programFolder, "src/server.ts")), folder: programFolder },
      folder: join(options.runFolder, name),
      common,
      localise: (value) => options.localise(workload, value),
      log: (line) => options.log(name, line),
      ...(options.tell && { tell: options.tell }),
      changed,
    });
  };
}

/** The program in a workload's image; throws UNKNOWN_IMAGE where there is none of ours. */
export function programOf({ name, template }: Workload): string {
  const content = classifyImage(template.image);
  if (content.kind === "program") return content.program;
  const message = `Cannot run Deployment "${name}": no program of ours is in image "${template.image}"`;
  throw new UpError(message, { code: "UNKNOWN_IMAGE" });
}
