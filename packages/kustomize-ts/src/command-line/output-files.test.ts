import { describe, expect, test } from "bun:test";
import { nameFiles } from "./output-files.ts";

const resource = (apiVersion: string, kind: string, name: string, namespace?: string) => ({
  apiVersion,
  kind,
  name,
  namespace,
  value: {},
  text: "",
});

describe("nameFiles()", () => {
  test.each([
    ["one namespace", [resource("v1", "Service", "Web", "one")], ["v1_service_web.yaml"]],
    [
      "two namespaces, one of them not written",
      [resource("apps/v1", "Deployment", "a"), resource("v1", "Service", "a", "One")],
      ["default_apps_v1_deployment_a.yaml", "one_v1_service_a.yaml"],
    ],
    [
      "a resource outside of namespaces",
      [resource("v1", "Namespace", "one"), resource("v1", "Service", "a", "one")],
      ["v1_namespace_one.yaml", "v1_service_a.yaml"],
    ],
  ])("names the files of %s", (_, resources, names) => {
    expect(nameFiles(resources).map(({ name }) => name)).toEqual(names);
  });

  test.each(["../a", "a/b", "a\\b", "a\0"])("refuses the name %j", (name) => {
    expect(() => nameFiles([resource("v1", "Service", name)])).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
  });
});
