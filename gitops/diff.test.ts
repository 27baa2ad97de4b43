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
    expect(changes.map(({ kind, resource }) => `${kind} ${resource}`)).toEqual([
      "create DestinationRule n/app",
      "create Deployment n/new",
      "change VirtualService n/app",
      "prune VirtualService n/gone",
      "prune Deployment n/old",
    ]);
  });

  test("names the fields that change", () => {
    expect(changes.flatMap(({ fields }) => fields)).toEqual([
      { pointer: "/spec/http/0/weight", before: 90, after: 75 },
      { pointer: "/spec/http/1/weight", before: 10, after: 25 },
    ]);
  });

  test.each([
    ["a field that comes", {}, { a: 1 }, [{ pointer: "/spec/a", before: undefined, after: 1 }]],
    ["a field that goes", { a: 1 }, {}, [{ pointer: "/spec/a", before: 1, after: undefined }]],
    [
      "a key with a slash",
      { "a/b": 1 },
      { "a/b": 2 },
      [{ pointer: "/spec/a~1b", before: 1, after: 2 }],
    ],
    [
      "a list that becomes a text",
      { a: [1] },
      { a: "1" },
      [{ pointer: "/spec/a", before: [1], after: "1" }],
    ],
    [
      "a list that becomes a map",
      { a: [1] },
      { a: { 0: 1 } },
      [{ pointer: "/spec/a", before: [1], after: { 0: 1 } }],
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
        "      /spec/http/0/weight: 90 → 75",
        "      /spec/http/1/weight: 10 → 25",
        "  - VirtualService n/gone",
        "  - Deployment n/old",
        "",
      ].join("\n"),
    );
    expect(renderChanges("shadow", [])).toBe("shadow: nothing changes\n");
  });
});
