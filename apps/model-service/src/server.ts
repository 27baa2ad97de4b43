// The sockets and the signals: configuration → service → two listeners → drain.
import { describeError, runService } from "@hookline/http-service";
import { type Config, readConfig } from "./config.ts";
import { createService } from "./service.ts";

async function start(config: Config): Promise<void> {
  const service = await createService(config);
  const { log } = service;
  runService(
    {
      fetch: service.app.fetch,
      metricsFetch: service.metricsApp.fetch,
      traffic: service.traffic,
      bodyTimeoutMs: config.BODY_TIMEOUT_MS,
      log(event, fields) {
        log.write("info", event, fields);
        log.flush();
      },
      onDraining: () => service.stopWatching(),
      async onDrained() {
        await service.stopReporting();
        await service.release();
      },
    },
    config,
  );
}

async function main(): Promise<void> {
  try {
    await start(readConfig(process.env));
  } catch (error) {
    console.error(describeError(error));
    process.exit(1);
  }
}

void main();
