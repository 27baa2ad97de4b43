import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { runServer, startServer, stopServers } from "./testing/start-server.ts";

const README = await Bun.file(join(import.meta.dirname, "../README.md")).text();
const HELLO = join(import.meta.dirname, "testing/hello.ts");

afterAll(stopServers);

/** The commands of the console block, each with the output that stands below it. */
function readConsole(): Record<string, string> {
  const [, block = ""] = /```console\n([\s\S]*?)```/.exec(README) ?? [];
  const parts = block.split(/^\$ /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [command = "", ...output] = part.split("\n");
      return [command, output.join("\n").trimEnd()];
    }),
  );
}

test("the README shows hello.ts as it is", async () => {
  expect(/```ts\n([\s\S]*?)```/.exec(README)?.[1]).toBe(await Bun.file(HELLO).text());
});

test("the README shows what hello.ts prints and answers", async () => {
  const { url, metrics } = await startServer(HELLO);
  const read = async (path: string) => await (await fetch(url + path)).text();
  const { errors } = await runServer(HELLO, { PORT: "http" });
  const HERE = "http://127.0.0.1:8080";
  const start = "bun packages/http-service/src/testing/hello.ts";
  const listening = JSON.stringify({ event: "listening", url, metrics });
  expect(readConsole()).toEqual({
    [`${start} &`]: listening.replace(url, HERE).replace(metrics, "http://127.0.0.1:9090"),
    [`curl -s ${HERE}/readyz`]: await read("/readyz"),
    [`curl -s ${HERE}/nowhere`]: await read("/nowhere"),
    [`PORT=http ${start}`]: errors.trimEnd(),
  });
}, 120_000);
