import { readMetric } from "@hookline/http-service/testing";
import { readConfig } from "../config.ts";
import type { Report } from "../pairing/report.ts";
import { createService } from "../service.ts";
import type { Summary } from "../summary.ts";
import { makeReport } from "./make-report.ts";

/** The program less its sockets, with a clock that stands until it is set. */
export function createTestService(environment: Readonly<Record<string, string>> = {}) {
  let time = Date.UTC(2026, 0, 1, 12);
  const faults: object[] = [];
  const service = createService({
    config: readConfig(environment),
    log: (entry) => faults.push(entry),
    now: () => time,
  });
  function post(body: unknown, headers: Readonly<Record<string, string>> = {}) {
    return service.app.request("/reports", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }
  return {
    ...service,
    faults,
    post,
    /** Both reports of a request. */
    async postPair(requestId: string, url: string, halves: PairHalves = {}) {
      const live = makeReport({ requestId, url, role: "live", ...halves.live });
      const mirror = makeReport({ requestId, url, role: "mirror", ...halves.mirror });
      return await post({ reports: [live, mirror] });
    },
    pass(ms: number): void {
      time += ms;
    },
    async readReport(window = "1h"): Promise<Summary> {
      const response = await service.app.request(`/api/report?window=${window}`);
      return JSON.parse(await response.text());
    },
    readMetric: (line: string) => readMetric(service.metrics.registry, line),
  };
}

interface PairHalves {
  readonly live?: Partial<Report>;
  readonly mirror?: Partial<Report>;
}
