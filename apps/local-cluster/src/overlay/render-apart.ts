import { join } from "node:path";
import type { JsonObject } from "@hookline/mesh";
import * as z from "zod";
import { UpError } from "../errors.ts";
import type { Rendered, RenderRequest } from "./render.ts";

const COMMAND = join(import.meta.dirname, "render-command.ts");
const WITHIN_MS = 20_000;

const Json: z.ZodType<JsonObject> = z.custom<JsonObject>((value) => value instanceof Object);
const Answer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rendered"),
    resources: z.array(Json),
    istiod: z.unknown().optional(),
    doubts: z.array(z.string()),
  }),
  z.object({
    kind: z.literal("refused"),
    message: z.string(),
    code: z.enum(["GIT", "LINT", "RENDER", "UNKNOWN_OVERLAY", "UNSUPPORTED"]),
  }),
]);

/**
 * Renders and lints in a process of its own: while it works, requests go on as fast as before, and
 * a tree that cannot be rendered in 20 s harms nobody.
 */
export async function renderApart(request: RenderRequest): Promise<Rendered> {
  const child = Bun.spawn([process.execPath, COMMAND, JSON.stringify(request)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    detached: true,
    timeout: WITHIN_MS,
    killSignal: "SIGKILL",
  });
  const [output, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const answer = Answer.safeParse(parseJson(output));
  if (answer.success && answer.data.kind === "rendered") {
    const { resources, istiod, doubts } = answer.data;
    return { resources, istiod, doubts };
  }
  if (answer.success && answer.data.kind === "refused") {
    throw new UpError(answer.data.message, { code: answer.data.code });
  }
  const late =
    child.signalCode === "SIGKILL" ? `not done within ${WITHIN_MS / 1000} s` : errors.trim();
  throw new UpError(`Cannot render overlay "${request.overlay}": ${late}`, { code: "RENDER" });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
