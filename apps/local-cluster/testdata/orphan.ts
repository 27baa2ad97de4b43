// Starts a pod, says which, and waits to be killed: bun orphan.ts
import { createTestFleet, PROBES, workloadsOf } from "../src/testing/fleet.ts";
import { deployment } from "../src/testing/manifests.ts";

const { fleet, runFolder } = createTestFleet();
const signal = new AbortController().signal;
await fleet.rollOut(workloadsOf(deployment("web", { container: PROBES })), { signal, patienceMs: 9000 });
const pids = fleet.deployments.flatMap(({ pods }) => pods.map((pod) => pod.state().pid));
console.log(JSON.stringify({ pids, runFolder }));
setInterval(() => {}, 1000);
