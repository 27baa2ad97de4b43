import { expect, test } from "bun:test";
import { deployment, service } from "../testing/manifests.ts";
import { readWorkload } from "../workloads/read-workload.ts";
import { parseResources } from "../workloads/resources.ts";
import { ServiceListeners } from "./service-listeners.ts";

function open(...variables: readonly Record<string, string>[]) {
  const manifests = variables.map((each, at) =>
    deployment(`web-${at}`, {
      container: { env: Object.entries(each).map(([name, value]) => ({ name, value })) },
    }),
  );
  const resources = parseResources([...manifests, service("model", 80, 9091)]);
  const workloads = resources.deployments.map((one) =>
    readWorkload(one, { resources, modelFolder: () => "" }),
  );
  const asked: string[] = [];
  const closed: number[] = [];
  const listeners = new ServiceListeners({
    listen: async ({ source, fqdn, port }) => {
      asked.push(`${source.labels["app.kubernetes.io/name"]} ${fqdn}:${port}`);
      const own = 5000 + asked.length;
      return { port: own, close: async () => void closed.push(own) };
    },
  });
  return { listeners, asked, closed, workloads, services: resources.services };
}

test("open() opens one port for each caller and Service port, once", async () => {
  const { listeners, asked, workloads, services } = open(
    { A: "http://model", B: "http://model.ns:80/x" },
    { A: "http://model", C: "http://model:9091" },
  );
  await listeners.open(workloads, services);
  await listeners.open(workloads, services);
  expect(asked).toEqual([
    "web-0 model.ns.svc.cluster.local:80",
    "web-1 model.ns.svc.cluster.local:80",
    "web-1 model.ns.svc.cluster.local:9091",
  ]);
  const local = workloads.map((workload) => listeners.localise(workload, "http://model/x"));
  expect(local).toEqual(["http://127.0.0.1:5001/x", "http://127.0.0.1:5002/x"]);
});

test("open() refuses a port that the Service does not have", async () => {
  const { listeners, workloads, services } = open({ A: "http://model:81" });
  const reason = await listeners.open(workloads, services).catch((error: Error) => error.message);
  expect(reason).toBe(
    'Cannot run Deployment "web-0": A names port 81 of Service "model", which has 80, 9091',
  );
});

test("keepOnly() closes what nobody calls any more, and open() opens it anew", async () => {
  const { listeners, asked, closed, workloads, services } = open(
    { A: "http://model" },
    { A: "http://model" },
  );
  await listeners.open(workloads, services);
  await listeners.keepOnly(workloads.slice(0, 1), services);
  expect(closed).toEqual([5002]);
  await listeners.open(workloads, services);
  expect(asked.length).toBe(3);
  const local = workloads.map((workload) => listeners.localise(workload, "http://model"));
  expect(local).toEqual(["http://127.0.0.1:5001", "http://127.0.0.1:5003"]);
});

test("localise() knows the Services of the workload's own release", async () => {
  const { listeners, workloads, services } = open({ A: "http://model" }, { A: "http://model" });
  const [before, after] = workloads;
  if (before === undefined || after === undefined) throw new Error("Two are wanted");
  await listeners.open([before], services);
  await listeners.open([after], []);
  expect(listeners.localise(before, "http://model")).toBe("http://127.0.0.1:5001");
  expect(listeners.localise(after, "http://model")).toBe("http://model");
});
