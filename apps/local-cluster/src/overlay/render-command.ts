// Renders one overlay and prints its resources, or why it is refused, as JSON: bun render-command.ts <request>
import * as z from "zod";
import { UpError } from "../errors.ts";
import { refuseFaults } from "./lint.ts";
import { renderOverlay } from "./render.ts";

const Request = z.object({
  gitops: z.string(),
  overlay: z.string(),
  commit: z.string().optional(),
});

function answer(): unknown {
  try {
    const rendered = renderOverlay(Request.parse(JSON.parse(process.argv[2] ?? "")));
    return { kind: "rendered", ...rendered, doubts: refuseFaults(rendered) };
  } catch (error) {
    if (!(error instanceof UpError)) throw error;
    return { kind: "refused", message: error.message, code: error.code };
  }
}

process.stdout.write(JSON.stringify(answer()));
