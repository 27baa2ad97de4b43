// Needs openssl.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHARTS, GATEWAY } from "./charts.ts";
import { checkCharts, chooseCharts } from "./choose-charts.ts";
import { createCertificates } from "./testing/certificates.ts";

const server = "https://192.168.56.10:6443";
const AUTHORITY = "the certificate of the cluster";
const choose = (charts: string | undefined, offline = false) =>
  chooseCharts(
    { charts, offline },
    { server, readAuthority: async () => AUTHORITY },
    async () => "3.5.1-r0",
  );

describe("chooseCharts()", () => {
  test("leaves charts where they are, unless asked", async () => {
    expect(await choose(undefined)).toBeUndefined();
  });

  test.each([
    [undefined, `${server}/static/hookline/charts`, AUTHORITY],
    ["https://192.168.56.10:8443/x/", "https://192.168.56.10:8443/x", AUTHORITY],
    ["https://charts.example/x", "https://charts.example/x", undefined],
    // Without TLS there is nothing to vouch for.
    ["http://192.168.56.10/x", "http://192.168.56.10/x", undefined],
  ])(
    "--offline, --charts %s: the authority of the cluster only for its own host",
    async (charts, url, authority) => {
      const expected = { url, installation: "3.5.1-r0" };
      expect(await choose(charts, true)).toEqual(
        authority === undefined ? expected : { ...expected, authority },
      );
    },
  );
});

describe("checkCharts()", () => {
  const folder = mkdtempSync(join(tmpdir(), "hookline-mirror-"));
  const certificates = createCertificates(folder);
  const ca = certificates.authority("ca");
  const other = certificates.authority("other");
  const pair = certificates.leaf("charts", {
    authority: "ca",
    subject: "/CN=charts",
    names: "IP:127.0.0.1",
  });
  const digest = "0".repeat(64);
  const entries = Object.fromEntries(
    [...CHARTS, GATEWAY, { chart: "argo-cd", version: "3.5.1-r0" }].map(({ chart, version }) => [
      chart,
      [{ version, digest, urls: ["x.tgz"] }],
    ]),
  );
  const mirror = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert: pair.cert, key: pair.key },
    fetch: () => Response.json({ entries }),
  });
  const check = (installation: string, authority: string) =>
    checkCharts({ url: `https://127.0.0.1:${mirror.port}`, installation, authority });
  afterAll(() => {
    mirror.stop(true);
    rmSync(folder, { recursive: true });
  });

  test("refuses a place that shows a page", async () => {
    const page = "<!DOCTYPE html>\n<html><style>a { color: red }\nb: c: d</style></html>";
    const proxy = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(page) });
    const url = `http://127.0.0.1:${proxy.port}`;
    await expect(checkCharts({ url, installation: "3.5.1-r0" })).rejects.toMatchObject({
      code: "DOWNLOAD",
      message: `Cannot read the charts of ${url}: its index.yaml is no index of charts`,
    });
    proxy.stop(true);
  });

  test("is content with a place that has them all", async () => {
    await check("3.5.1-r0", ca.cert);
  });

  test.each([
    [
      "whose Argo CD is of another checkout",
      "3.5.1-r9",
      ca.cert,
      "NOT_FOUND",
      /no argo-cd 3\.5\.1-r9/,
    ],
    [
      "whose certificate is of another authority",
      "3.5.1-r0",
      other.cert,
      "DOWNLOAD",
      /certificate/,
    ],
  ])("refuses a place %s", async (_, installation, authority, code, message) => {
    await expect(check(installation, authority)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
