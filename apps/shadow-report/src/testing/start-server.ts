import { join } from "node:path";
import * as z from "zod";

const Listening = z.object({
  event: z.literal("listening"),
  url: z.url(),
  metrics: z.url(),
});

const running: Bun.Subprocess[] = [];

/** Ends what a failed test left running. */
export function stopServers(): void {
  for (const server of running.splice(0)) {
    server.kill("SIGKILL");
  }
}

/** Starts a program of ours on free ports, and waits for the line that tells where it listens. */
export async function startServer(
  environment: Readonly<Record<string, string>> = {},
  server = join(import.meta.dirname, "../server.ts"),
) {
  const child = Bun.spawn([process.execPath, server], {
    env: {
      ...process.env,
      PORT: "0",
      METRICS_PORT: "0",
      HOOKLINE_REVISION: "0123abc",
      ...environment,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  running.push(child);
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    text += decoder.decode(value, { stream: true });
  }
  return {
    server: child,
    /** Where it listens; undefined when it ended before it did. */
    listening: Listening.safeParse(JSON.parse(text.split("\n")[0] || "null")).data,
    /** All it wrote, when it has ended. */
    async readOutput() {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return text;
        }
        text += decoder.decode(value, { stream: true });
      }
    },
    readErrors: () => new Response(child.stderr).text(),
  };
}
