import { expect, test } from "bun:test";
import { Registry } from "prom-client";
import { addProcessMetrics } from "./process-metrics.ts";

test("addProcessMetrics() tells what is true of this process, and never what is no number", async () => {
  const registry = new Registry();
  addProcessMetrics(registry);
  for (let scrape = 0; scrape < 3; scrape++) {
    const text = await registry.metrics();
    const values = new Map(
      [...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
    expect([...values.keys()]).toEqual([
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_start_time_seconds",
    ]);
    const cpu = Number(values.get("process_cpu_seconds_total"));
    expect(cpu).toBeGreaterThan(0);
    const { user, system } = process.cpuUsage();
    expect(cpu).toBeLessThanOrEqual((user + system) / 1e6);
    expect(values.get("process_resident_memory_bytes")).toBeGreaterThan(2 ** 20);
    const age = Date.now() / 1000 - Number(values.get("process_start_time_seconds"));
    expect(Math.abs(age - process.uptime())).toBeLessThan(1);
  }
});
