import { join } from "node:path";
import * as z from "zod";

const SERVER = join(import.meta.dirname, "../server.ts");
const TESTDATA = join(import.meta.dirname, "../../testdata");

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

/** Starts the program itself on free ports and waits for the line that tells where it listens. */
export async function startServer(environment: Readonly<Record<string, string | undefined>> = {}) {
  const server = Bun.spawn([process.execPath, SERVER], {
    env: {
      ...process.env,
      PORT: "0",
      METRICS_PORT: "0",
      MODEL_DIR: join(TESTDATA, "linear"),
      BRAND_RULES: "off",
      HOOKLINE_REVISION: "0123abc",
      ...environment,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  running.push(server);
  const lines: string[] = [];
  const first = Promise.withResolvers<string>();
  const read = (async () => {
    let rest = "";
    const decoder = new TextDecoder();
    for await (const chunk of server.stdout) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
      first.resolve(String(lines[0]));
    }
    first.resolve("");
  })();
  return {
    server,
    /** Where it listens; undefined when it ended before it did. */
    listening: Listening.safeParse(JSON.parse((await first.promise) || "null")).data,
    /** All of its log, when it has ended. */
    async readLog() {
      await Promise.all([read, server.exited]);
      return lines.map((line) => JSON.parse(line));
    },
    readErrors: () => new Response(server.stderr).text(),
  };
}
