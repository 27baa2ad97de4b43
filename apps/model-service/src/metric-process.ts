import { Family } from "./metric-cells.ts";

/**
 * What this process uses, the three series that dashboards and rules need.
 *
 * prom-client's own set is made for Node: under Bun some of it is empty, some wrong (its heap is
 * the whole address space), its averages are NaN when nothing happened between two scrapes, and
 * CPU time counts from the first scrape only.
 */
export function createProcessFamilies(): readonly Family[] {
  const cpu: Family = new Family(
    "counter",
    {
      name: "process_cpu_seconds_total",
      help: "User and system CPU time in seconds",
      labelNames: [],
    },
    () => {
      const { user, system } = process.cpuUsage();
      cpu.cell({}).value = (user + system) / 1e6;
    },
  );
  const memory: Family = new Family(
    "gauge",
    { name: "process_resident_memory_bytes", help: "Resident memory in bytes", labelNames: [] },
    () => {
      memory.cell({}).value = process.memoryUsage.rss();
    },
  );
  const start = new Family("gauge", {
    name: "process_start_time_seconds",
    help: "Start of the process, seconds since 1970",
    labelNames: [],
  });
  start.cell({}).value = Math.round(Date.now() / 1000 - process.uptime());
  return [cpu, memory, start];
}
