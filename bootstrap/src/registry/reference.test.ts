import { expect, test } from "bun:test";
import { parseReference, renderName } from "./reference.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

test.each([
  ["redis:8", "docker.io/library/redis:8", undefined],
  ["docker.io/redis:8", "docker.io/library/redis:8", undefined],
  ["axllent/mailpit:v1", "docker.io/axllent/mailpit:v1", undefined],
  [`quay.io/a/b-c:v1.2@${DIGEST}`, "quay.io/a/b-c:v1.2", DIGEST],
  ["public.ecr.aws/docker/library/redis:8", "public.ecr.aws/docker/library/redis:8", undefined],
  ["localhost:5000/x:1", "localhost:5000/x:1", undefined],
  ["127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:1", undefined],
])("parseReference() reads %s", (text, name, digest) => {
  const reference = parseReference(text);
  expect(renderName(reference)).toBe(name);
  expect(reference.digest).toBe(digest);
});

test.each([
  ["redis", /^Cannot pull the image "redis": it has no tag/],
  [`redis@${DIGEST}`, /has no tag/],
  ["Redis:8", /^Cannot pull the image "Redis:8": that is no name of an image$/],
  ["redis:8@sha256:12", /no name of an image/],
  ["", /no name of an image/],
])("parseReference() refuses %j", (text, message) => {
  expect(() => parseReference(text)).toThrow(message);
});
