import { expect, test } from "bun:test";
import { isPath } from "./is-path.ts";

test.each([
  ["http://127.0.0.1:8081/predict", true],
  ["https://a.example/predict?explain=true", true],
  ["http://a.example/predict/", false],
  ["http://a.example/predict/batch", false],
  ["http://a.example/predicted", false],
  ["http://a.example/x/predict", false],
  ["http://a.example/?/predict", false],
  ["http://predict/", false],
  ["http://a.example", false],
])("isPath() of %s is %p", (url, expected) => {
  expect(isPath(url, "/predict")).toBe(expected);
});
