import { describe, expect, test } from "bun:test";
import { diffOverlays, renderChanges } from "./diff.ts";

const make = (kind: string, name: string, wave: string | undefined, spec: unknown = {}) => ({
  apiVersion: "v1",
  kind,
  metadata: {
    name,
    namespace: "n",
    ...(wave === undefined ? {} : { annotations: { "argocd.argoproj.io/sync-wave": wave } }),
  },
  spec,
});

describe("diffOverlays()", () => {
  const before = [
    make("Deployment", "old", undefined),
    make("VirtualService", "app", "1", { http: [{ weight: 90 }, { weight: 10 }] }),
    make("VirtualService", "gone", "1"),
    make("Service", "same", undefined, { port: 80 }),
  ];
  const after = [
    make("VirtualService", "app", "1", { http: [{ weight: 75 }, { weight: 25 }] }),
    make("Deployment", "new", undefined),
    make("DestinationRule", "app", "-2"),
    make("Service", "same", undefined, { port: 80 }),
  ];
  const changes = diffOverlays(before, after);

  test("is in the order in which Argo CD applies, and prunes last and backwards", () => {
    expect(changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual([
      "added DestinationRule app",
      "added Deployment new",
      "changed VirtualService app",
      "removed VirtualService gone",
      "removed Deployment old",
    ]);
  });

  test("knows a generated resource under its new name, and one of another version of its group", () => {
    const of = (apiVersion: string, name: string, spec: unknown) => ({
      ...make("ConfigMap", name, undefined, spec),
      apiVersion,
    });
    const found = diffOverlays(
      [of("v1", "a-845t6675md", { x: 1 }), of("x.io/v1beta1", "b", {})],
      [of("v1", "a-9g2hf65459", { x: 2 }), of("x.io/v1", "b", {})],
    );
    expect(renderChanges("one", found)).toBe(
      [
        "one:",
        "  ~ ConfigMap n/a-845t6675md → a-9g2hf65459",
        "      spec.x: 1 → 2",
        "  ~ ConfigMap n/b",
        '      apiVersion: "x.io/v1beta1" → "x.io/v1"',
        "",
      ].join("\n"),
    );
  });

  test("names the fields that change", () => {
    expect(changes.flatMap(({ fields }) => fields)).toEqual([
      { path: "spec.http[0].weight", before: 90, after: 75 },
      { path: "spec.http[1].weight", before: 10, after: 25 },
    ]);
  });

  test.each([
    ["a field that comes", {}, { a: 1 }, [{ path: "spec.a", after: 1 }]],
    ["a field that goes", { a: 1 }, {}, [{ path: "spec.a", before: 1 }]],
    [
      "a key with a dot",
      { "a.b": 1 },
      { "a.b": 2 },
      [{ path: 'spec["a.b"]', before: 1, after: 2 }],
    ],
    [
      "a list that becomes a text",
      { a: [1] },
      { a: "1" },
      [{ path: "spec.a", before: [1], after: "1" }],
    ],
    [
      "a list that becomes a map",
      { a: [1] },
      { a: { 0: 1 } },
      [{ path: "spec.a", before: [1], after: { 0: 1 } }],
    ],
    ["the same in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  ])("knows %s", (_, left, right, fields) => {
    const found = diffOverlays(
      [make("Service", "s", undefined, left)],
      [make("Service", "s", undefined, right)],
    );
    expect(found.flatMap((one) => one.fields)).toEqual(fields);
  });

  test("renderChanges() is read from top to bottom", () => {
    expect(renderChanges("canary", changes)).toBe(
      [
        "canary:",
        "  + DestinationRule n/app",
        "  + Deployment n/new",
        "  ~ VirtualService n/app",
        "      spec.http[0].weight: 90 → 75",
        "      spec.http[1].weight: 10 → 25",
        "  - VirtualService n/gone",
        "  - Deployment n/old",
        "",
      ].join("\n"),
    );
    expect(renderChanges("shadow", [])).toBe("shadow: nothing changes\n");
  });
});
