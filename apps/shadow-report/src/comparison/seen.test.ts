import { expect, test } from "bun:test";
import { createSeen } from "./seen.ts";

test("createSeen() knows what it was asked before", () => {
  const isSeen = createSeen();
  const urls = Array.from({ length: 2000 }, (_, i) => `site-${i}.example`);
  const fresh = urls.filter((url) => !isSeen(url));
  expect(fresh).toHaveLength(2000);
  // A few share a place with another; their second time counts again, never the other way round.
  expect(urls.filter(isSeen).length).toBeGreaterThan(1950);
});

test("createSeen() takes no more room for more texts, and never denies a new one for long", () => {
  const isSeen = createSeen(16);
  for (let i = 0; i < 10_000; i++) {
    isSeen(`site-${i}.example`);
  }
  expect(isSeen("site-9999.example")).toBe(true);
  expect(Array.from({ length: 100 }, (_, i) => isSeen(`site-${i}.example`))).not.toContain(true);
});
