import { expect, test } from "bun:test";
import { splitImage } from "./images.ts";

test.each([
  ["nginx", "nginx", "", ""],
  ["nginx:1", "nginx", "1", ""],
  ["host:5000/nginx", "host:5000/nginx", "", ""],
  ["host:5000/nginx:1", "host:5000/nginx", "1", ""],
  ["nginx@sha256:a", "nginx", "", "sha256:a"],
  ["host:5000/a/nginx:1@sha256:a", "host:5000/a/nginx", "1", "sha256:a"],
])("splitImage() splits %s", (image, name, tag, digest) => {
  expect(splitImage(image)).toEqual({ name, tag, digest });
});
