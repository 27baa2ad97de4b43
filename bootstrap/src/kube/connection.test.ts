// Needs openssl.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VersionApi } from "@kubernetes/client-node";
import { createCertificates } from "../testing/certificates.ts";
import { buildKubeconfig, toData } from "../testing/kubeconfig-text.ts";
import { startTlsServer } from "../testing/tls-server.ts";
import { callApi, createConnection } from "./connection.ts";
import { readKubeConfig } from "./kubeconfig.ts";
import { parseItems } from "./resource.ts";

const folder = mkdtempSync(join(tmpdir(), "hookline-tls-"));
const certificates = createCertificates(folder);
const ca = certificates.authority("ca");
const other = certificates.authority("other");
const names = "IP:127.0.0.1";
const leaf = (name: string, authority: string, rest: { names?: string; days?: number } = {}) =>
  certificates.leaf(name, { authority, subject: `/CN=${name}`, names, ...rest });
const client = leaf("client", "ca");
const stranger = leaf("stranger", "other");
const former = leaf("former", "ca", { days: -1 });

const demanding = startTlsServer({ pair: leaf("server", "ca"), clients: ca.cert });
const trusting = startTlsServer({ pair: leaf("open", "ca") });
const elsewhere = startTlsServer({ pair: leaf("elsewhere", "ca", { names: "DNS:api.example" }) });
const expired = startTlsServer({ pair: leaf("expired", "ca", { days: -1 }) });
const plain = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: ({ url }) =>
    url.includes("/elsewhere") ? Response.redirect("/else") : new Response("plain"),
});
/** Takes connections and says nothing. */
const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });

beforeAll(() => writeExecPlugins());
afterAll(() => {
  for (const one of [demanding, trusting, elsewhere, expired, silent]) one.stop();
  plain.stop(true);
  rmSync(folder, { recursive: true });
});

function writeExecPlugins(): void {
  const credential = (status: Record<string, string>) =>
    JSON.stringify({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status,
    });
  writeFileSync(join(folder, "token.json"), credential({ token: "from-exec" }));
  writeFileSync(
    join(folder, "pair.json"),
    credential({ clientCertificateData: client.cert, clientKeyData: client.key }),
  );
}

const exec = (command: string, ...args: string[]) => ({
  exec: { apiVersion: "client.authentication.k8s.io/v1", command, args, interactiveMode: "Never" },
});
const certified = (pair: { cert: string; key: string }) => ({
  "client-certificate-data": toData(pair.cert),
  "client-key-data": toData(pair.key),
});
const trusted = { "certificate-authority-data": toData(ca.cert) };

interface Case {
  readonly server: string;
  readonly cluster?: Record<string, unknown>;
  readonly user?: Record<string, unknown>;
}

function connect({ server, cluster = trusted, user = {} }: Case) {
  const file = join(folder, "config");
  writeFileSync(file, buildKubeconfig({ server, cluster, user }));
  const config = readKubeConfig({ kubeconfig: file, root: folder, environment: {} });
  return createConnection(config, { timeoutMs: 2000 });
}

describe("createConnection() reaches an API server", () => {
  test.each<[string, Case, string | null]>([
    ["by client certificate", { server: demanding.url, user: certified(client) }, null],
    [
      "by files beside the kubeconfig",
      {
        server: demanding.url,
        cluster: { "certificate-authority": "ca.crt" },
        user: { "client-certificate": "client.crt", "client-key": "client.key" },
      },
      null,
    ],
    ["by token", { server: trusting.url, user: { token: "abc" } }, "Bearer abc"],
    [
      "by password",
      { server: trusting.url, user: { username: "me", password: "pw" } },
      `Basic ${btoa("me:pw")}`,
    ],
    [
      "by exec plugin with a token",
      { server: trusting.url, user: exec("cat", join(folder, "token.json")) },
      "Bearer from-exec",
    ],
    [
      "by exec plugin with a certificate",
      { server: demanding.url, user: exec("cat", join(folder, "pair.json")) },
      null,
    ],
    [
      "under another name",
      { server: elsewhere.url, cluster: { ...trusted, "tls-server-name": "api.example" } },
      null,
    ],
    [
      "without looking at its certificate, when the kubeconfig says so",
      { server: expired.url, cluster: { "insecure-skip-tls-verify": true } },
      null,
    ],
  ])(
    "%s",
    async (_, given, authorization) => {
      const connection = connect(given);
      const answer = await connection.request({ method: "GET", path: "/version" });
      expect(answer).toMatchObject({ status: 200, body: { authorization } });
      const version = await callApi("read", connection.api(VersionApi).getCode());
      expect(version.gitVersion).toBe("v1.36.4");
      const socket = await connection.openSocket("/echo", ["v4.channel.k8s.io"]);
      const hello = await new Promise((resolve) =>
        socket.addEventListener("message", ({ data }) => resolve(data)),
      );
      expect(hello).toBe(`hello ${authorization ?? ""}`);
      socket.close();
    },
    120_000,
  );
});

describe("createConnection() says why it cannot", () => {
  test.each<[string, Case, string, RegExp]>([
    [
      "the server demands a certificate and there is none",
      { server: demanding.url },
      "TLS",
      /accepts no client without a certificate of its own authority/,
    ],
    [
      "the client's certificate is of another authority",
      { server: demanding.url, user: certified(stranger) },
      "TLS",
      /accepts no client without a certificate of its own authority/,
    ],
    [
      "the kubeconfig has another authority",
      { server: trusting.url, cluster: { "certificate-authority-data": toData(other.cert) } },
      "TLS",
      /is not from the kubeconfig's certificate authority/,
    ],
    [
      "the kubeconfig has no authority",
      { server: trusting.url, cluster: {} },
      "TLS",
      /is not from the kubeconfig's certificate authority/,
    ],
    ["the server's certificate has expired", { server: expired.url }, "TLS", /has expired/],
    ["it is for another host", { server: elsewhere.url }, "TLS", /is for another host name/],
    [
      "nothing speaks TLS there",
      { server: `https://127.0.0.1:${plain.port}` },
      "TLS",
      /does not speak TLS at this port/,
    ],
    [
      "a page answers",
      {
        server: `http://127.0.0.1:${plain.port}`,
        cluster: { "insecure-skip-tls-verify": true },
      },
      "UNREACHABLE",
      /what answers there is no API server/,
    ],
    [
      "it sends us elsewhere",
      {
        server: `http://127.0.0.1:${plain.port}/elsewhere`,
        cluster: { "insecure-skip-tls-verify": true },
      },
      "UNREACHABLE",
      /redirect/i,
    ],
    ["nothing listens", { server: "https://127.0.0.1:1" }, "UNREACHABLE", /nothing listens there/],
    [
      "the name is unknown",
      { server: "https://no-such-host.invalid" },
      "UNREACHABLE",
      /host name is not known/,
    ],
    [
      "the client's certificate has expired",
      { server: demanding.url, user: certified(former) },
      "KUBECONFIG",
      /its client certificate was valid until/,
    ],
    [
      "the key is not the certificate's",
      { server: demanding.url, user: certified({ cert: client.cert, key: stranger.key }) },
      "KUBECONFIG",
      /client-key is not that of its client-certificate/,
    ],
    [
      "the authority is no certificate",
      { server: trusting.url, cluster: { "certificate-authority-data": toData("nonsense") } },
      "KUBECONFIG",
      /certificate-authority is no certificate in PEM/,
    ],
    [
      "the exec plugin fails",
      { server: trusting.url, user: exec("sh", "-c", "echo please log in >&2; exit 1") },
      "KUBECONFIG",
      /please log in/,
    ],
    [
      "the exec plugin does not exist",
      { server: trusting.url, user: exec("no-such-plugin") },
      "KUBECONFIG",
      /no-such-plugin/,
    ],
    [
      "the proxy is not of HTTP",
      { server: trusting.url, cluster: { ...trusted, "proxy-url": "socks5://127.0.0.1:1" } },
      "KUBECONFIG",
      /its proxy-url "socks5:/,
    ],
  ])(
    "%s",
    async (_, given, code, message) => {
      const call = (async () => connect(given).request({ method: "GET", path: "/version" }))();
      const error = await call.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(error).toMatchObject({ next: expect.stringMatching(/\S/) });
    },
    120_000,
  );

  test("the server does not answer in time", async () => {
    const call = connect({ server: `https://127.0.0.1:${silent.port}` }).request({
      method: "GET",
      path: "/version",
    });
    await expect(call).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringMatching(/in time/),
    });
  }, 120_000);

  test("a page answers client-node", async () => {
    const connection = connect({
      server: `http://127.0.0.1:${plain.port}`,
      cluster: { "insecure-skip-tls-verify": true },
    });
    const call = callApi("read", connection.api(VersionApi).getCode());
    await expect(call).rejects.toThrow("what answers there is no API server");
  });

  test("its list is none", () => {
    expect(() => parseItems({ gitVersion: 5 })).toThrow("it is no list of resources");
  });

  test("a WebSocket is refused for the same reasons", async () => {
    const socket = connect({ server: expired.url }).openSocket("/echo", []);
    await expect(socket).rejects.toMatchObject({
      code: "TLS",
      message: expect.stringMatching(/has expired/),
    });
  }, 120_000);

  test("one without a certificate is not let in on the connection of one with", async () => {
    await connect({ server: demanding.url, user: certified(client) }).request({
      method: "GET",
      path: "/version",
    });
    const call = connect({ server: demanding.url }).request({ method: "GET", path: "/version" });
    await expect(call).rejects.toMatchObject({ code: "TLS" });
  }, 120_000);
});
