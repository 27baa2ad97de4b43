import { afterEach, describe, expect, test } from "bun:test";
import type { Source } from "@hookline/mesh";
import { buildForward } from "../testing/fake-mesh.ts";
import { startRawBackend, stopRawBackends } from "../testing/raw-backend.ts";
import { until } from "../testing/raw-client.ts";
import { startPlane, stopPlanes } from "../testing/start-plane.ts";
import { Histogram, renderLabels } from "./series.ts";

afterEach(async () => {
  await stopPlanes();
  stopRawBackends();
});

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads Prometheus' text format; throws at a line that is none. */
function parse(text: string): readonly Sample[] {
  return text.split("\n").flatMap((line) => {
    if (line === "" || line.startsWith("#")) return [];
    const [, name, labels = "", value] = /^([a-z_]+)(?:\{(.*)\})? ([\d.e+-]+)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`No sample: ${line}`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        name,
        labels: Object.fromEntries(pairs.map(([, key = "", text = ""]) => [key, text])),
        value: Number(value),
      },
    ];
  });
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

describe("metrics()", () => {
  test("has Istio's names and labels, told by both ends", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const { url, plane } = await startPlane({ backends: [backend.port] });
    for (let i = 0; i < 3; i += 1)
      await (await fetch(url, { method: "POST", body: "12345678" })).text();
    const samples = parse(plane.metrics());
    const totals = samples.filter(({ name }) => name === "istio_requests_total");
    expect(totals.map(({ labels, value }) => [labels["reporter"], value])).toEqual([
      ["source", 3],
      ["destination", 3],
    ]);
    expect(totals[0]?.labels).toEqual({
      reporter: "source",
      source_workload: "istio-ingressgateway",
      source_workload_namespace: "hookline",
      source_principal: "spiffe://cluster.local/ns/hookline/sa/istio-ingressgateway",
      source_app: "istio-ingressgateway",
      source_version: "latest",
      source_canonical_service: "istio-ingressgateway",
      source_canonical_revision: "latest",
      source_cluster: "Kubernetes",
      destination_workload: "app",
      destination_workload_namespace: "hookline",
      destination_principal: "spiffe://cluster.local/ns/hookline/sa/app",
      destination_app: "app",
      destination_version: "v1",
      destination_canonical_service: "app",
      destination_canonical_revision: "v1",
      destination_cluster: "Kubernetes",
      destination_service: "app.hookline.svc.cluster.local",
      destination_service_name: "app",
      destination_service_namespace: "hookline",
      request_protocol: "http",
      response_code: "200",
      grpc_response_status: "",
      response_flags: "-",
      connection_security_policy: "unknown",
    });
    const sum = (name: string) => samples.find((one) => one.name === name)?.value;
    expect([sum("istio_request_bytes_sum"), sum("istio_response_bytes_sum")]).toEqual([24, 15]);
    expect(sum("istio_request_duration_milliseconds_count")).toBe(3);
  });

  test("counts what reached no pod by its source only, with Envoy's flag", async () => {
    const { url, plane } = await startPlane({
      decide: ({ path }) =>
        path === "/none"
          ? { kind: "none", status: 404, reason: "no route", flag: "NR", limits: undefined }
          : buildForward("app"),
    });
    await fetch(url);
    await fetch(`${url}/none`);
    const totals = parse(plane.metrics()).filter(({ name }) => name === "istio_requests_total");
    const pick = ({ labels }: Sample) =>
      [
        "reporter",
        "response_code",
        "response_flags",
        "destination_service_name",
        "destination_workload",
      ].map((name) => labels[name]);
    expect(totals.map(pick)).toEqual([
      ["source", "503", "UH", "app", "unknown"],
      ["source", "404", "NR", "unknown", "unknown"],
    ]);
  });

  test("names the calling workload of a sidecar", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const { plane } = await startPlane({ backends: [backend.port] });
    const source: Source = {
      kind: "workload",
      labels: { app: "other", version: "v2" },
      namespace: "hookline",
      serviceAccount: "robot",
    };
    const { port } = await plane.listenService({
      source,
      fqdn: "app.hookline.svc.cluster.local",
      port: 80,
    });
    await (await fetch(`http://127.0.0.1:${port}`)).text();
    const { labels = {} } =
      parse(plane.metrics()).find(({ name }) => name === "istio_requests_total") ?? {};
    expect([
      labels["source_workload"],
      labels["source_app"],
      labels["source_version"],
      labels["source_principal"],
    ]).toEqual(["other", "other", "v2", "spiffe://cluster.local/ns/hookline/sa/other"]);
  });

  test("has all that the dashboards and rules of gitops ask a mesh for", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const { url, plane } = await startPlane({ backends: [backend.port] });
    await (await fetch(url)).text();
    const samples = parse(plane.metrics());
    const folder = `${import.meta.dirname}/../../../../../gitops`;
    const asked = new Map<string, Set<string>>();
    for await (const file of new Bun.Glob("{components,dashboards}/**/*.{json,yaml,ts}").scan(
      folder,
    )) {
      const text = (await Bun.file(`${folder}/${file}`).text()).replaceAll('\\"', '"');
      for (const [, name = "", selector = ""] of text.matchAll(
        /\b((?:istio|envoy)_[a-z_]+)\{([^}$]*)\}/g,
      )) {
        const labels = asked.get(name) ?? new Set<string>();
        for (const [, label = ""] of selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
          labels.add(label);
        asked.set(name, labels);
      }
    }
    expect(asked.size).toBeGreaterThan(1);
    // A target's own labels are added by who scrapes.
    const targets = ["namespace", "pod", "job", "service"];
    for (const [name, labels] of asked) {
      const found = samples.find((one) => one.name === name);
      const known = [...Object.keys(found?.labels ?? {}), ...targets];
      expect([name, [...labels].filter((label) => !known.includes(label))]).toEqual([name, []]);
      expect(found?.name).toBe(name);
    }
  });

  test("every series is there once, and buckets grow", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const { url, plane } = await startPlane({ backends: [backend.port] });
    for (let i = 0; i < 5; i += 1) await (await fetch(url)).text();
    const samples = parse(plane.metrics());
    const keys = samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.some((one) => one.startsWith("envoy_cluster_upstream_cx_active"))).toBe(true);
  });
});

describe("Histogram", () => {
  test("counts at and below each bound", () => {
    const histogram = new Histogram();
    for (const value of [0.5, 0.6, 5, 1e9]) histogram.observe(value);
    const text = histogram.render("x", 'a="1"');
    expect(
      text.split("\n").filter((line) => /le="(0\.5|1|5|10|3600000|\+Inf)"/.test(line)),
    ).toEqual([
      'x_bucket{a="1",le="0.5"} 1',
      'x_bucket{a="1",le="1"} 2',
      'x_bucket{a="1",le="5"} 3',
      'x_bucket{a="1",le="10"} 3',
      'x_bucket{a="1",le="3600000"} 3',
      'x_bucket{a="1",le="+Inf"} 4',
    ]);
    expect(text).toEndWith('x_sum{a="1"} 1000000006.1\nx_count{a="1"} 4\n');
  });

  test("labels are escaped", () => {
    expect(renderLabels([["a", 'x"\\\n']])).toBe('a="x\\"\\\\\\n"');
  });
});

describe("the access log", () => {
  test("has one line a request, with Istio's names", async () => {
    const backend = startRawBackend((one) => one.send(OK));
    const { url, lines, port } = await startPlane({ backends: [backend.port] });
    await (
      await fetch(`${url}/a?b`, { method: "POST", body: "123", headers: { "user-agent": "me" } })
    ).text();
    await until(() => lines.length === 1, "a line");
    const { start_time, request_id, duration, upstream_service_time, ...rest } = lines[0] ?? {
      start_time: "",
    };
    expect(Math.abs(Date.now() - Date.parse(start_time))).toBeLessThan(10_000);
    expect(request_id).toMatch(/^[0-9a-f-]{36}$/);
    expect([typeof duration, typeof upstream_service_time]).toEqual(["number", "number"]);
    expect(rest).toEqual({
      method: "POST",
      authority: `127.0.0.1:${port}`,
      path: "/a?b",
      protocol: "HTTP/1.1",
      response_code: 200,
      response_flags: "-",
      response_code_details: "via_upstream",
      bytes_received: 3,
      bytes_sent: 5,
      x_forwarded_for: "127.0.0.1",
      user_agent: "me",
      upstream_host: `127.0.0.1:${backend.port}`,
      upstream_cluster: "outbound|80||app.hookline.svc.cluster.local",
      upstream_pod: `app-${backend.port}`,
      downstream_remote_address: "127.0.0.1",
      route_name: "app",
      source: "gateway",
      attempts: 1,
    });
  });
});
