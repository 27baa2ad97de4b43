// One model in a process of its own: `fleet.ts` starts it with a job as its argument and hears of it
// by messages. It writes only below the folder it is given, so it may be killed at any time.
import { explainError } from "./errors.ts";
import { type Message, parseJob } from "./fleet-messages.ts";
import { runJob } from "./job.ts";

const send = (message: Message) => process.send?.(message);

// Ctrl-C reaches every process of the terminal; the parent decides what becomes of this one.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(1));

try {
  const job = parseJob(process.argv[2] ?? "");
  const started = performance.now();
  const card = await runJob({
    ...job,
    onProgress: (progress) => send({ type: "progress", progress }),
  });
  send({ type: "done", card, seconds: (performance.now() - started) / 1000 });
} catch (error) {
  const told = explainError("train", error);
  if (told === undefined) throw error;
  send({ type: "failed", code: told.code, message: told.message });
}
process.disconnect?.();
