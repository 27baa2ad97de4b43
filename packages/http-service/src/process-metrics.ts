import { Counter, Gauge, type Registry } from "prom-client";

/**
 * Adds what this process uses to a registry: the three series that dashboards and rules need.
 *
 * prom-client's own set is made for Node: under Bun some of it is empty, some wrong (its heap is
 * the whole address space), its averages are NaN when nothing happened between two scrapes, and
 * CPU time counts from the first scrape only.
 */
export function addProcessMetrics(registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: "process_cpu_seconds_total",
    help: "User and system CPU time in seconds",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory in bytes",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start of the process, seconds since 1970",
    registers,
  }).set(Math.round(Date.now() / 1000 - process.uptime()));
}
