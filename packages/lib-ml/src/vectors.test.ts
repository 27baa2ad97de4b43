import { expect, test } from "bun:test";
import vectors from "../testdata/vectors.json";
import { canonicalise } from "./canonicalise.ts";
import { featurise } from "./featurise.ts";
import { CONTRACT, ROWS } from "./table.ts";

// The file is the contract of training and serving: a model is good for the features it was trained
// on and for no others. `bun bench/write-vectors.ts` writes it anew; then CONTRACT must be raised.

test("the vectors are those of this contract", () => {
  expect([vectors.contract, vectors.rows]).toEqual([CONTRACT, ROWS]);
  expect(vectors.urls.length).toBeGreaterThan(40);
});

test.each(vectors.urls.map((vector) => [vector.url, vector] as const))(
  "canonicalise() and featurise() keep to the vector of %j",
  (url, { text, flags, ids, ends, scale }) => {
    const canonical = canonicalise(url);
    if (canonical === undefined) {
      expect([text, flags, ids, ends, scale]).toEqual([null, null, null, null, null]);
      return;
    }
    const features = featurise(canonical);
    expect(canonical.text).toBe(text ?? "none");
    expect(canonical.flags).toEqual(flags ?? canonical.flags);
    expect([...features.ids]).toEqual(ids ?? []);
    expect([...features.ends]).toEqual(ends ?? []);
    expect(features.scale).toBe(scale ?? 0);
  },
);
