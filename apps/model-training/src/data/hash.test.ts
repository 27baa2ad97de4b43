import { expect, test } from "bun:test";
import { fraction, hash, SALT } from "./hash.ts";

// Were these to change, every site would change its split and models could not be compared any more.
test.each([
  ["", 1, 2_388_540_327],
  ["example.com", SALT.split, 41_693_984],
  ["example.com", SALT.site, 600_856_432],
  ["münchen.example", SALT.order, 74_830_744],
])("hash(%p, %i) stays as it is", (text, salt, expected) => {
  expect(hash(text, salt)).toBe(expected);
});

test("fraction() is even, and independent between salts", () => {
  const names = Array.from({ length: 40_000 }, (_, i) => `site-${i}.example`);
  const low = (salt: number) => names.filter((name) => fraction(name, salt) < 0.1);
  const split = low(SALT.split);
  expect(split.length).toBeGreaterThan(3800);
  expect(split.length).toBeLessThan(4200);
  const both = split.filter((name) => fraction(name, SALT.order) < 0.1).length;
  expect(both).toBeGreaterThan(330);
  expect(both).toBeLessThan(470);
});
