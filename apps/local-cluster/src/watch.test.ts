import { afterEach, expect, test } from "bun:test";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readStatus } from "./status.ts";
import { createTree } from "./testing/tree.ts";
import { until } from "./testing/until.ts";
import { startUp, TEST_CLI } from "./testing/up.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const Environment = z.object({ GREETING: z.string() });
const DEPLOYMENT = "gitops/base/deployment.yaml";
const GATEWAY = "gitops/base/gateway.yaml";

test("with --watch a save is deployed, and one that cannot be is refused and said so", async () => {
  const tree = createTree();
  cpSync(join(import.meta.dirname, "../testdata/gitops"), join(tree.folder, "gitops"), {
    recursive: true,
  });
  const words = ["good", "--watch", "--gitops", join(tree.folder, "gitops")];
  const cluster = await startUp(TEST_CLI, words);
  ends.push(cluster.end, tree.remove);
  const greeting = async () => Environment.parse(await (await fetch(cluster.url)).json()).GREETING;
  const told = (what: string) => cluster.lines.some((line) => line.includes(what));
  const save = (change: (text: string) => string) =>
    tree.write(DEPLOYMENT, change(readFileSync(join(tree.folder, DEPLOYMENT), "utf8")));

  await cluster.untilReady();
  expect(told("a save in gitops/ is deployed at once")).toBe(true);
  expect(await greeting()).toBe("hello");
  save((text) => text.replace("value: hello", "value: goodbye"));
  await until("it is deployed", () => told("deployed working tree"));
  expect(told('.env[name=GREETING].value: "hello" → "goodbye"')).toBe(true);
  expect(await greeting()).toBe("goodbye");

  const gateway = readFileSync(join(tree.folder, GATEWAY), "utf8");
  tree.write(GATEWAY, gateway.replace("number: 80", "number: 8080").replace("ingress", "other"));
  await until("it is deployed", () => told("port.number: 80 → 8080"));
  expect(await greeting()).toBe("goodbye");

  save((text) => text.replace("image: ghcr.io/hookline/app", "image: docker.io/library/nginx"));
  await until("it is refused", () => told("refused working tree"));
  expect(await greeting()).toBe("goodbye");
  const status = await readStatus({ port: Number(new URL(cluster.url).port), json: false });
  expect(status).toContain(
    "refused working tree: Cannot run this overlay: none of its Deployments has an image of ours\n",
  );
}, 120_000);
