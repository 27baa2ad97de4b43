import { join } from "node:path";
import { HELP, parseArguments } from "./arguments.ts";
import { UpError } from "./errors.ts";
import { startCluster } from "./up.ts";

const APPS = join(import.meta.dirname, "../..");

async function main(): Promise<number> {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted.kind === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  const { port, model, variant, json } = wanted;
  const print = (event: Record<string, string>, text: string) =>
    console.log(json ? JSON.stringify(event) : text);
  const stopAsked = waitForSignal();
  const starting = startCluster({
    port,
    variant,
    programsDir: APPS,
    modelDir: join(APPS, "model-service/models", model),
    log: (program, line) =>
      print({ event: "log", program, line }, `${program.padEnd(13)} | ${line}`),
  });
  const cluster = await Promise.race([starting, stopAsked]);
  if (typeof cluster === "string") {
    // Stopped while it starts: let the start come to its end, so that nothing is left behind.
    await starting.then(({ stop }) => stop());
    return 0;
  }
  print({ event: "ready", url: cluster.url }, `ready ${cluster.url}`);
  const end = await Promise.race([cluster.failed, stopAsked]);
  await cluster.stop();
  if (end instanceof UpError) throw end;
  return 0;
}

/** The name of the signal that asks us to stop; a second one ends us at once. */
function waitForSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve(signal));
  return promise;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof UpError ? error.message : error);
  process.exit(1);
}
