import { afterAll, expect, test } from "bun:test";
import { Probe } from "../workloads/manifests.ts";
import { runProbe } from "./probe.ts";

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: ({ url, headers }) => {
    const { pathname } = new URL(url);
    if (pathname === "/never") return new Promise<Response>(() => {});
    return new Response(null, {
      status: headers.has("x-probe") ? 204 : Number(pathname.slice(1)),
      headers: { location: "/500" },
    });
  },
});
afterAll(() => server.stop(true));

const target = {
  ports: new Map<number | string, number>([
    ["http", server.port ?? 0],
    [8080, server.port ?? 0],
    ["closed", 1],
  ]),
  environment: { PATH: process.env["PATH"] ?? "" },
};
const get = (path: string, more: object = {}) => ({ httpGet: { path, port: "http", ...more } });

test.each([
  ["200", get("/200"), undefined],
  ["a port by its number", { httpGet: { path: "/200", port: 8080 } }, undefined],
  ["a redirect, not followed", get("/302"), undefined],
  ["400", get("/400"), "status 400"],
  ["500", get("/500"), "status 500"],
  ["its own headers", get("/500", { httpHeaders: [{ name: "x-probe", value: "1" }] }), undefined],
  ["no answer", get("/never"), "no answer within 1 s"],
  ["a port that is none", { httpGet: { path: "/", port: "x" } }, "the container has no port x"],
  ["an open socket", { tcpSocket: { port: "http" } }, undefined],
  ["a command", { exec: { command: ["true"] } }, undefined],
  ["a command that fails", { exec: { command: ["false"] } }, "exit code 1"],
  ["no way to probe", {}, "nothing is known of how to probe"],
])(
  "runProbe() of %s",
  async (_, probe, why) => {
    expect(await runProbe(Probe.parse(probe), target)).toEqual(
      why === undefined ? { ok: true } : { ok: false, why },
    );
  },
  120_000,
);

test("runProbe() of a closed socket fails", async () => {
  const probe = Probe.parse({ tcpSocket: { port: "closed" } });
  expect(await runProbe(probe, target)).toMatchObject({ ok: false });
});
