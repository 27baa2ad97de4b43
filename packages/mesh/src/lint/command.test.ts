import { expect, test } from "bun:test";
import { parse } from "yaml";
import { readManifests } from "../read-manifests.ts";
import { runLint } from "./command.ts";

const VIRTUAL_SERVICE = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: app, namespace: shop }
spec: { hosts: [app], http: [{ route: [{ destination: { host: app } }] }] }
`;

function run(text: string) {
  const lines: string[] = [];
  const code = runLint(readManifests(text), {
    parseYaml: parse,
    write: (line) => lines.push(line),
  });
  return { code, text: lines.join("") };
}

test("runLint() says what is wrong, counts, and fails on an error", () => {
  expect(run(VIRTUAL_SERVICE)).toEqual({
    code: 1,
    text: 'error   IST0101 VirtualService/shop/app spec.http[0].route[0].destination.host: Referenced host not found: "app"\n1 errors, 0 warnings, 0 infos\n',
  });
});

test("runLint() does not fail on a warning", () => {
  const service =
    "\n---\napiVersion: v1\nkind: Service\nmetadata: { name: app, namespace: shop }\nspec: { selector: { app: app }, ports: [{ port: 80 }] }\n";
  expect(run(VIRTUAL_SERVICE + service)).toEqual({
    code: 0,
    text: "warning HKL0103 Service/shop/app spec.selector: The Service selects no workload\n0 errors, 1 warnings, 0 infos\n",
  });
});
