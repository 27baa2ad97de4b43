// A small program for the test of runService(): /slow is answered when /go was asked.
import * as z from "zod/mini";
import { listenVariables, readEnvironment, whole } from "../config.ts";
import { describeError } from "../describe-error.ts";
import { logLine } from "../log-line.ts";
import { runService } from "../run-service.ts";

const Environment = z.object({
  ...listenVariables({ PORT: 0, METRICS_PORT: 0, DRAIN_TIMEOUT_MS: 5000 }),
  BODY_TIMEOUT_MS: whole(10, 60_000, 10_000),
  /** What the steps at the end fail with, if they are to. */
  FAULT: z.optional(z.string()),
});

const traffic = { draining: false };
const go = Promise.withResolvers<void>();

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/go") {
    go.resolve();
  }
  if (pathname === "/slow") {
    await go.promise;
  }
  const { length } = await request.text();
  return Response.json({ length, draining: traffic.draining });
}

async function step(event: string, fault: string | undefined): Promise<void> {
  logLine({ event });
  if (fault !== undefined) throw new Error(fault);
}

try {
  const config = readEnvironment(process.env, { schema: Environment });
  runService(
    {
      fetch: answer,
      metricsFetch: () => new Response("metrics"),
      traffic,
      bodyTimeoutMs: config.BODY_TIMEOUT_MS,
      log: (event, fields) => logLine({ event, ...fields }),
      onDraining: () => step("onDraining", config.FAULT),
      onDrained: () => step("onDrained", config.FAULT),
    },
    config,
  );
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
}
