// Needs openssl.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificates } from "../testing/certificates.ts";
import { connectTo } from "../testing/connect.ts";
import { buildKubeconfig, toData } from "../testing/kubeconfig-text.ts";
import { forwardService } from "./port-forward.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-forward-"));
const certificates = createCertificates(folder);
const ca = certificates.authority("ca");
const leaf = { authority: "ca", names: "IP:127.0.0.1" };
const own = certificates.leaf("server", { ...leaf, subject: "/CN=server" });
const client = certificates.leaf("client", { ...leaf, subject: "/CN=admin" });

const asked: string[] = [];
let ready = true;
const service = (selector: object, targetPort: number | string) => ({
  spec: { selector, ports: [{ port: 80, targetPort }] },
});
const pod = (name: string, status: string) => ({
  metadata: { name },
  spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: 8080 }] }] },
  status: { conditions: [{ type: "Ready", status }] },
});

/** An API server with two pods, whose ports answer each request line with itself. */
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  tls: { ...own, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
  fetch: (request, self) => {
    const { pathname, search } = new URL(request.url);
    asked.push(`${pathname}${search}`);
    if (pathname.endsWith("/services/page")) return Response.json(service({ app: "page" }, "http"));
    if (pathname.endsWith("/services/broken")) return Response.json(service({ app: "page" }, 1));
    if (pathname.endsWith("/services/lonely")) return Response.json(service({ app: "single" }, 80));
    if (pathname.endsWith("/services/empty")) return Response.json(service({ app: "none" }, 80));
    if (search.endsWith("single")) return Response.json({ items: [pod("old", "False")] });
    if (search.endsWith("none")) return Response.json({ items: [] });
    if (pathname.endsWith("/pods")) {
      return Response.json({ items: [pod("old", "False"), pod("new", ready ? "True" : "False")] });
    }
    const broken = search === "?ports=1";
    if (self.upgrade(request, { data: { broken } })) return undefined;
    return Response.json({ message: 'services "none" not found' }, { status: 404 });
  },
  websocket: {
    data: { broken: false },
    open: (socket) => {
      // Each channel starts with the port, little-endian.
      socket.send(Buffer.of(0, 0x90, 0x1f));
      socket.send(Buffer.of(1, 0x90, 0x1f));
      if (socket.data.broken) socket.send(Buffer.concat([Buffer.of(1), Buffer.from("refused")]));
    },
    message: (socket, message) => {
      const text = Buffer.from(message).subarray(1).toString();
      const body = text.split("\r\n")[0] ?? "";
      const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
      socket.send(Buffer.concat([Buffer.of(0), Buffer.from(answer)]));
      socket.close();
    },
  },
});
const file = join(folder, "config");
writeFileSync(
  file,
  buildKubeconfig({
    server: `https://127.0.0.1:${server.port}`,
    cluster: { "certificate-authority-data": toData(ca.cert) },
    user: {
      "client-certificate-data": toData(client.cert),
      "client-key-data": toData(client.key),
    },
  }),
);
const connection = connectTo(file);
afterAll(() => {
  server.stop(true);
  rmSync(folder, { recursive: true });
});

async function forward(name: string, onError: (error: unknown) => void = () => undefined) {
  const target = { namespace: "hookline", service: name, port: 80 };
  return await forwardService(connection, { target, localPort: 0, onError });
}

describe("forwardService()", () => {
  test("carries connections to the ready pod, at the port that the Service names", async () => {
    const { port, stop } = await forward("page");
    for (const path of ["/one", "/two"]) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      expect(await answer.text()).toBe(`GET ${path} HTTP/1.1`);
    }
    stop();
    expect(asked).toContain("/api/v1/namespaces/hookline/pods?labelSelector=app%3Dpage");
    expect(asked.at(-1)).toBe("/api/v1/namespaces/hookline/pods/new/portforward?ports=8080");
  }, 120_000);

  test("takes another port where the one wished is taken", async () => {
    const target = { namespace: "hookline", service: "page", port: 80 };
    const first = await forwardService(connection, { target, localPort: 0, onError: () => {} });
    const second = await forwardService(connection, {
      target,
      localPort: first.port,
      onError: () => {},
    });
    expect(second.port).not.toBe(first.port);
    first.stop();
    second.stop();
  }, 120_000);

  test.each([
    ["the pod refuses", "broken", true, /^refused$/],
    ["no pod is ready", "page", false, /none of its 2 pods is ready/],
    ["its pod is not ready", "lonely", true, /: its pod is not ready$/],
    ["it has no pods", "empty", true, /: it has no pods$/],
    ["there is no such Service", "none", true, /services "none" not found/],
  ])(
    "tells that %s, and goes on",
    async (_, name, isReady, message) => {
      ready = isReady;
      const failed = Promise.withResolvers<unknown>();
      const { port, stop } = await forward(name, failed.resolve);
      await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      expect(await failed.promise).toMatchObject({ message: expect.stringMatching(message) });
      stop();
      ready = true;
    },
    120_000,
  );
});
